package org.ashlar.component;

import java.util.Optional;
import java.util.function.Function;

import org.ashlar.api.wasm.HostFunction;

/** A function of another component or of the host, seen by an instance's core code: {@code canon lower}. */
final class LoweredFunction implements HostFunction.Body {
    private final Function<Shapes, Signature> signatures;
    private final Abi abi;
    private final Callee callee;
    private final InstanceState[] entered;
    private final Object host;
    /** Null until the first call. */
    private Signature signature;

    LoweredFunction(Function<Shapes, Signature> signatures, Abi abi, Callee callee) {
        this.signatures = signatures;
        this.abi = abi;
        this.callee = callee;
        this.entered = callee.enteredFrom(Optional.of(abi.instance));
        this.host = abi.instance.store.host();
    }

    @Override
    public long[] call(long[] arguments) {
        abi.instance.checkMayLeave();
        InstanceState.enter(entered);
        if (signature == null) {
            signature = signatures.apply(callee.shapes());
        }
        // the array is not ours any more once the instance's allocator has run
        int area = arguments.length == 0 ? 0 : (int) arguments[arguments.length - 1];
        Call call = abi.startCall();
        Object result = callee.call(host, call, lift(call, arguments));
        long[] flat = signature.lowerResult(abi, call, result, area);
        callee.finish(call);
        call.releaseLenders();
        abi.endCall(call);
        InstanceState.leave(entered);
        return flat;
    }

    private Object[] lift(Call call, long[] arguments) {
        try {
            return signature.liftArguments(abi, call, arguments);
        } catch (IllegalArgumentException e) {
            throw callee.refused(e);
        }
    }
}
