package org.ashlar.component;

import java.util.List;
import java.util.Optional;

import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.WasmExtern;

/** What core code does with the handles of its instance: {@code resource.new}, {@code resource.drop}, {@code resource.rep}. */
final class ResourceFunctions {
    private static final FunctionType TO_INDEX = new FunctionType(List.of(ValueType.I32), List.of(ValueType.I32));
    private static final FunctionType CONSUME = new FunctionType(List.of(ValueType.I32), List.of());
    private static final long[] NOTHING = {};

    private ResourceFunctions() {
    }

    static WasmExtern.Function create(InstanceState instance, int slot) {
        return new HostFunction(TO_INDEX, arguments -> {
            instance.checkMayLeave();
            RuntimeResource type = instance.resources[slot];
            Handle handle = Handle.owned(type, GuestHandle.owned(type, (int) arguments[0]));
            return new long[] {Codec.unsigned(instance.handles.add(handle))};
        });
    }

    static WasmExtern.Function drop(InstanceState instance, int slot) {
        return new HostFunction(CONSUME, arguments -> {
            instance.checkMayLeave();
            RuntimeResource type = instance.resources[slot];
            Handle handle = instance.handles.remove((int) arguments[0], type);
            if (handle.isOwned()) {
                type.destroy(handle.value, Optional.of(instance), instance.store.host());
            } else {
                handle.borrowedBy.borrows--;
            }
            return NOTHING;
        });
    }

    static WasmExtern.Function representation(InstanceState instance, int slot) {
        return new HostFunction(TO_INDEX, arguments -> {
            Handle handle = instance.handles.get((int) arguments[0], instance.resources[slot]);
            return new long[] {Codec.unsigned(((GuestHandle) handle.value).representation)};
        });
    }
}
