package org.ashlar.component;

import java.util.Optional;

/** A function of the host. */
record HostCallee(HostFunction<Object> function, @Override Shapes shapes) implements Callee {
    private static final InstanceState[] NONE = {};

    @SuppressWarnings("unchecked") // the linker that holds it has the same type of host state as those who call it
    static Callee of(HostFunction<?> function, Shapes shapes) {
        return new HostCallee((HostFunction<Object>) function, shapes);
    }

    @Override
    public InstanceState[] enteredFrom(Optional<InstanceState> caller) {
        return NONE;
    }

    @Override
    public Object call(Object host, Call call, Object[] arguments) {
        return function.call(host, arguments);
    }

    @Override
    public RuntimeException refused(IllegalArgumentException refusal) {
        return function.refused(refusal);
    }

    @Override
    public void finish(Call call) {
        // The host keeps nothing of the call.
    }
}
