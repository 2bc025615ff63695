package org.ashlar.endive;

import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.wasm.CallArrays;
import run.endive.runtime.CallResult;
import run.endive.runtime.Machine;

/** Compiled code together with the budget of the process that runs it. */
final class CountedMachine extends CallArrays implements Machine {
    private final Machine code;
    private final MemoryBudget budget;

    CountedMachine(Machine code, MemoryBudget budget) {
        this.code = code;
        this.budget = budget;
    }

    @Override
    public long[] call(int function, long[] arguments) {
        return code.call(function, arguments);
    }

    @Override
    public long[] call(int function, long[] arguments, Object[] references) {
        return code.call(function, arguments, references);
    }

    @Override
    public CallResult callWithRefs(int function, long[] arguments, Object[] references) {
        return code.callWithRefs(function, arguments, references);
    }

    void reserve(long bytes) {
        if (!budget.reserve(bytes)) {
            throw new WasmTrap("out of memory: the process has used what it may have for objects");
        }
    }
}
