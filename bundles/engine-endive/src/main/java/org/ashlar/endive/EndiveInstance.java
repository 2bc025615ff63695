package org.ashlar.endive;

import java.util.Optional;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import run.endive.runtime.Instance;
import run.endive.wasm.types.Export;

/** An instance and what it exports. */
final class EndiveInstance implements WasmInstance {
    private final EndiveModule module;
    private final Instance instance;

    EndiveInstance(EndiveModule module, Instance instance) {
        this.module = module;
        this.instance = instance;
    }

    @Override
    public Optional<WasmExtern> export(String name) {
        return module.exported(name).map(this::extern);
    }

    private WasmExtern extern(Export export) {
        int index = export.index();
        return switch (export.exportType()) {
            case FUNCTION -> new EndiveFunction(module, instance, index);
            case MEMORY -> (EndiveMemory) instance.memory(index);
            case TABLE -> new EndiveTable(instance.table(index));
            case GLOBAL -> new EndiveGlobal(instance.global(index));
            case TAG -> new EndiveTag(instance.tag(index));
        };
    }
}
