package org.ashlar.component;

import java.util.Optional;

/** A function of a component or of the host, as others call it. */
interface Callee {
    /** The instances that a call enters when it comes from {@code caller}, or from the embedder. */
    InstanceState[] enteredFrom(Optional<InstanceState> caller);

    /**
     * Calls it, with what it enters already entered.
     *
     * @param host the state of the host that belongs to the caller
     */
    Object call(Object host, Call call, Object[] arguments);

    /** The classes of values in its arguments and its result. */
    default Shapes shapes() {
        return Shapes.PLAIN;
    }

    /** What to throw when its shapes refuse what the caller passes. */
    default RuntimeException refused(IllegalArgumentException refusal) {
        return refusal;
    }

    /** To be called once its result has been used. */
    void finish(Call call);
}
