package org.ashlar.component;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.component.binary.CoreModuleRewriter;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.validation.ValidComponent;

/** A component compiled by one engine. Immutable; shared between threads and instances. Holds no copy of the bytes. */
public final class CompiledComponent {
    private final ComponentType type;
    private final Plan plan;

    private CompiledComponent(ComponentType type, Plan plan) {
        this.type = type;
        this.plan = plan;
    }

    static CompiledComponent compile(ValidComponent component, WasmEngine engine) {
        List<WasmModule> modules = new ArrayList<>();
        try {
            for (byte[] module : CoreModuleRewriter.rewriteAll(component.modules(), component.coreTypes())) {
                modules.add(engine.compile(module));
            }
        } catch (Rejected e) {
            throw Component.rejected(e.within("core module " + modules.size()));
        } catch (WasmException e) {
            throw new ComponentException(ComponentException.Kind.INVALID,
                    "core module " + modules.size() + ": " + e.getMessage(), e);
        }
        return new CompiledComponent(component.type(), PlanCompiler.compile(component, modules));
    }

    ComponentType type() {
        return type;
    }

    Plan plan() {
        return plan;
    }

    /** As {@link Component#imports}. */
    public Map<String, ExternType> imports() {
        return type.imports();
    }

    /** As {@link Component#exports}. */
    public Map<String, ExternType> exports() {
        return type.exports();
    }
}
