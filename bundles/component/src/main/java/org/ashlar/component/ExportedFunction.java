package org.ashlar.component;

import java.util.Optional;

import org.ashlar.component.type.FuncType;

/** A function of an instance in the hands of the embedder. */
final class ExportedFunction implements ComponentFunction {
    private final FuncType type;
    private final Callee callee;
    private final InstanceState[] entered;
    private final Object host;

    ExportedFunction(FuncType type, Callee callee, Object host) {
        this.type = type;
        this.callee = callee;
        this.entered = callee.enteredFrom(Optional.empty());
        this.host = host;
    }

    @Override
    public FuncType type() {
        return type;
    }

    @Override
    public Object call(Object... arguments) {
        InstanceState.enter(entered);
        Call call = new Call();
        Object result = callee instanceof LiftedFunction lifted
                ? lifted.callCore(call, lower(lifted, call, arguments)) : callee.call(host, call, arguments);
        callee.finish(call);
        InstanceState.leave(entered);
        return result;
    }

    /** Arguments of the wrong kind are the embedder's fault: they do the instance no harm. */
    private long[] lower(LiftedFunction lifted, Call call, Object[] arguments) {
        try {
            return lifted.lower(call, arguments);
        } catch (ComponentException e) {
            InstanceState.leave(entered);
            throw e;
        }
    }
}
