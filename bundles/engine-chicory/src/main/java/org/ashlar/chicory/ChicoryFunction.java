package org.ashlar.chicory;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.types.Export;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmTrap;

/**
 * An exported function.
 * <p>
 * Chicory sweeps the objects of garbage-collected languages at the end of a call that it takes for the outermost, with
 * globals and tables as the only roots. A call from inside a host function is not the outermost, and must not sweep:
 * the frames below it hold objects too. {@link ChicoryInstance#depth} tells the two apart.
 */
final class ChicoryFunction implements WasmExtern.Function {
    private static final long[] NOTHING = {};

    private final ChicoryInstance owner;
    private final Instance instance;
    private final Machine machine;
    private final int index;
    private final ExportFunction outermost;
    private final FunctionType type;

    ChicoryFunction(ChicoryInstance owner, Instance instance, Export export) {
        this.owner = owner;
        this.instance = instance;
        this.machine = instance.getMachine();
        this.index = export.index();
        this.outermost = instance.export(export.name());
        this.type = owner.module().type(typeIndex());
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
        owner.depth++;
        try {
            long[] results = owner.depth == 1 ? outermost.apply(arguments) : machine.call(index, arguments);
            return results == null ? NOTHING : results;
        } catch (ChicoryException e) {
            throw Traps.of(e);
        } catch (com.dylibso.chicory.runtime.WasmException e) {
            throw new WasmTrap(Traps.UNCAUGHT, e);
        } catch (StackOverflowError e) {
            throw new WasmTrap(Traps.STACK_EXHAUSTED, e);
        } finally {
            owner.depth--;
        }
    }

    /** Called by another instance: what is thrown goes on to its frames unchanged, so that they can catch exceptions. */
    long[] callFromWasm(long[] arguments) {
        return machine.call(index, arguments);
    }
}
