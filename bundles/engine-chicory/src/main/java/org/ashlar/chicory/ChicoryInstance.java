package org.ashlar.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.types.Export;
import java.util.Optional;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;

/** An instance and what it exports. */
final class ChicoryInstance implements WasmInstance {
    private final ChicoryModule module;
    private final Instance instance;
    /** How many calls from outside are on the stack; see {@link ChicoryFunction}. */
    int depth;

    ChicoryInstance(ChicoryModule module, Instance instance) {
        this.module = module;
        this.instance = instance;
    }

    ChicoryModule module() {
        return module;
    }

    @Override
    public Optional<WasmExtern> export(String name) {
        return module.exported(name).map(this::extern);
    }

    private WasmExtern extern(Export export) {
        int index = export.index();
        return switch (export.exportType()) {
            case FUNCTION -> new ChicoryFunction(this, instance, export);
            case MEMORY -> (ChicoryMemory) instance.memory(index);
            case TABLE -> new ChicoryTable(instance.table(index));
            case GLOBAL -> new ChicoryGlobal(instance.global(index));
            case TAG -> new ChicoryTag(instance.tag(index));
        };
    }
}
