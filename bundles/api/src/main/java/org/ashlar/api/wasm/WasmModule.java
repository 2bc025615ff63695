package org.ashlar.api.wasm;

import java.util.List;

/** A compiled core module: immutable, shared between threads. */
public interface WasmModule {
    /** What it imports, in order. */
    List<Import> imports();

    /** What it exports, in order. */
    List<Export> exports();

    /**
     * Makes an instance and runs the module's start function (the start section's, not an export named {@code _start}),
     * on the calling thread.
     *
     * @param imports one extern for each of {@link #imports}, in that order
     * @param budget  asked before any memory or table takes room
     * @param fuel    asked by the instance's code, at calls and turns of loops, whenever it has used up what it was given
     * @throws WasmException when an import does not fit, or the budget refuses the initial size
     * @throws WasmTrap      when initialisation or the start function traps
     */
    WasmInstance instantiate(List<? extends WasmExtern> imports, MemoryBudget budget, Fuel fuel);

    /** The same without counting what it computes. */
    default WasmInstance instantiate(List<? extends WasmExtern> imports, MemoryBudget budget) {
        return instantiate(imports, budget, Fuel.UNCOUNTED);
    }

    enum Kind { FUNCTION, TABLE, MEMORY, GLOBAL, TAG }

    record Import(String module, String name, Kind kind) { }

    record Export(String name, Kind kind) { }
}
