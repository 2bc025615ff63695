package org.ashlar.component;

import java.util.Optional;
import java.util.function.Function;

import org.ashlar.api.wasm.WasmExtern;

/** A core function of an instance, seen as a function of its component: {@code canon lift}. */
final class LiftedFunction implements Callee {
    private final Function<Shapes, Signature> signatures;
    private final Abi abi;
    private final WasmExtern.Function core;
    private final Optional<WasmExtern.Function> postReturn;

    LiftedFunction(Function<Shapes, Signature> signatures, Abi abi, WasmExtern.Function core,
                   Optional<WasmExtern.Function> postReturn) {
        this.signatures = signatures;
        this.abi = abi;
        this.core = core;
        this.postReturn = postReturn;
    }

    @Override
    public InstanceState[] enteredFrom(Optional<InstanceState> caller) {
        return abi.instance.enteredFrom(caller);
    }

    @Override
    public Object call(Object host, Call call, Object[] arguments) {
        return callCore(call, lower(call, arguments));
    }

    /** @throws ComponentException when the arguments do not fit the type */
    long[] lower(Call call, Object[] arguments) {
        return signature().lowerArguments(abi, call, arguments);
    }

    Object callCore(Call call, long[] arguments) {
        long[] results = core.call(arguments);
        Object result = signature().liftResult(abi, call, results);
        call.checkReturned();
        if (postReturn.isPresent()) {
            call.coreResults = results.clone();
        }
        return result;
    }

    private Signature signature() {
        return signatures.apply(Shapes.PLAIN);
    }

    @Override
    public void finish(Call call) {
        if (postReturn.isPresent()) {
            abi.instance.mayLeave = false;
            postReturn.get().call(call.coreResults);
            abi.instance.mayLeave = true;
        }
    }
}
