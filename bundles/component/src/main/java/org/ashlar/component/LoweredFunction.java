package org.ashlar.component;

import java.util.Optional;

import org.ashlar.api.wasm.HostFunction;

/** A function of another component or of the host, seen by an instance's core code: {@code canon lower}. */
final class LoweredFunction implements HostFunction.Body {
    private final Signature signature;
    private final Abi abi;
    private final Callee callee;
    private final InstanceState[] entered;
    private final Object host;

    LoweredFunction(Signature signature, Abi abi, Callee callee) {
        this.signature = signature;
        this.abi = abi;
        this.callee = callee;
        this.entered = callee.enteredFrom(Optional.of(abi.instance));
        this.host = abi.instance.store.host();
    }

    @Override
    public long[] call(long[] arguments) {
        abi.instance.checkMayLeave();
        InstanceState.enter(entered);
        Call call = new Call();
        Object result = callee.call(host, call, signature.liftArguments(abi, call, arguments));
        long[] flat = signature.lowerResult(abi, call, result, arguments);
        callee.finish(call);
        call.releaseLenders();
        InstanceState.leave(entered);
        return flat;
    }
}
