package org.ashlar.component;

import java.util.Map;
import java.util.Objects;

import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.component.binary.ComponentReader;
import org.ashlar.component.binary.CoreModuleReader;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.validation.ComponentValidator;
import org.ashlar.component.validation.ValidComponent;

/** A component that is decoded and valid. Immutable; shared between threads. */
public final class Component {
    private final ValidComponent valid;

    private Component(ValidComponent valid) {
        this.valid = valid;
    }

    /**
     * Decodes and validates a component. Core modules inside are checked for what their surroundings need; their code is
     * validated by {@link #compile}.
     *
     * @param bytes the binary form; not trusted, copied
     * @throws ComponentException when it is no valid component: a core module, garbage, a feature that is not supported, or
     *                            beyond a limit
     */
    public static Component decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        if (CoreModuleReader.isCoreModule(bytes)) {
            throw new ComponentException(ComponentException.Kind.MALFORMED,
                    "this is a core WebAssembly module, not a component; make one of it with `wasm-tools component new`");
        }
        try {
            return new Component(ComponentValidator.validate(ComponentReader.read(bytes.clone())));
        } catch (Rejected e) {
            throw rejected(e);
        }
    }

    static ComponentException rejected(Rejected cause) {
        ComponentException.Kind kind = switch (cause.reason()) {
            case MALFORMED -> ComponentException.Kind.MALFORMED;
            case INVALID -> ComponentException.Kind.INVALID;
            case UNSUPPORTED -> ComponentException.Kind.UNSUPPORTED;
            case LIMIT -> ComponentException.Kind.LIMIT;
        };
        return new ComponentException(kind, cause.getMessage(), cause);
    }

    /** What it imports, by name, in order; a name may be plain or an interface such as {@code wasi:io/streams@0.2.3}. */
    public Map<String, ExternType> imports() {
        return valid.type().imports();
    }

    /** What it exports, by name, in order. */
    public Map<String, ExternType> exports() {
        return valid.type().exports();
    }

    /**
     * Compiles its core modules. May take seconds; call it on a platform thread.
     *
     * @throws ComponentException when a core module is not valid, or uses what the engine lacks
     */
    public CompiledComponent compile(WasmEngine engine) {
        return CompiledComponent.compile(valid, Objects.requireNonNull(engine, "engine"));
    }
}
