package org.ashlar.component;

/**
 * A function that the host offers to components.
 *
 * @param <H> the host's state of one instance, as given to {@link LinkedComponent#instantiate}
 */
@FunctionalInterface
public interface HostFunction<H> {
    /**
     * Called on the thread that runs the instance, which waits for it. The instance cannot be entered meanwhile.
     *
     * @param host      the state of the calling instance
     * @param arguments one for each parameter, by the package's table; a fresh array, the callee may keep what is in it,
     *                  save borrowed resources, which are valid until it returns
     * @return the result by the package's table; for a function without result it is ignored. A value of another class
     *         than the component's own declaration asks for ends the call with a {@link ComponentException}
     * @throws RuntimeException whatever it throws unwinds the guest and reaches the embedder unchanged
     */
    Object call(H host, Object[] arguments);

    /**
     * Called in its place when a maker of its {@link Shapes} has refused what the guest passed.
     *
     * @param refusal what the maker threw
     * @return what to throw
     */
    default RuntimeException refused(IllegalArgumentException refusal) {
        return refusal;
    }
}
