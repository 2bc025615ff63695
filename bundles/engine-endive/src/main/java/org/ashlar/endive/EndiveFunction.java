package org.ashlar.endive;

import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmTrap;
import run.endive.runtime.CallResult;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.WasmFunctionHandle;
import run.endive.wasm.WasmEngineException;

/**
 * An exported function. Other instances call it through {@link WasmFunctionHandle}; what it throws then goes on to their
 * frames unchanged, so that they can catch exceptions.
 */
final class EndiveFunction implements WasmExtern.Function, WasmFunctionHandle {
    private static final long[] NOTHING = {};

    private final Instance instance;
    private final Machine machine;
    private final int index;
    private final FunctionType type;
    /** Whether it takes or returns objects, which travel beside the numbers and do not leave Endive. */
    private final boolean hasObjects;

    EndiveFunction(EndiveModule module, Instance instance, int index) {
        this.instance = instance;
        this.machine = instance.getMachine();
        this.index = index;
        this.type = module.type(typeIndex());
        var own = instance.type(typeIndex());
        this.hasObjects = own.hasObjectRefParams() || own.hasObjectRefReturns();
    }

    Instance instance() {
        return instance;
    }

    int typeIndex() {
        return instance.functionType(index);
    }

    @Override
    public FunctionType type() {
        return type;
    }

    @Override
    public long[] call(long... arguments) {
        if (arguments.length != type.parameters().size()) {
            throw new IllegalArgumentException("the function takes " + type.parameters().size() + " arguments, not "
                    + arguments.length);
        }
        if (hasObjects) {
            throw new UnsupportedOperationException("a function with references to objects can be called by modules only");
        }
        try {
            long[] results = machine.call(index, arguments);
            return results == null ? NOTHING : results;
        } catch (WasmEngineException e) {
            throw Traps.of(e);
        } catch (run.endive.runtime.WasmException e) {
            throw new WasmTrap(Traps.UNCAUGHT, e);
        } catch (StackOverflowError e) {
            throw new WasmTrap(Traps.STACK_EXHAUSTED, e);
        }
    }

    @Override
    public long[] apply(Instance caller, long... arguments) {
        return machine.call(index, arguments);
    }

    @Override
    public CallResult applyWithRefs(Instance caller, long[] arguments, Object[] references) {
        return machine.callWithRefs(index, arguments, references);
    }
}
