package org.ashlar.api.process;

import java.util.Optional;
import org.ashlar.api.message.Address;

/** A compiled guest. Immutable and shared: many processes may run one program at the same time. */
public interface GuestProgram {
    /** Names what runs it, such as {@code chicory}, for {@code ps}. */
    String runtime();

    /** Whether what runs it is still there. A program of which it has gone can finish, but is not started again. */
    boolean isThere();

    /**
     * Whether what would run this component now is what this program was made for. One that is not current may go on for as
     * long as it {@linkplain #isThere is there}; the kernel moves its processes to what is current, one after another.
     *
     * @param engine as for {@link GuestRuntime#load}
     */
    boolean current(Optional<String> engine);

    /** Why something that comes before what runs it does not: a line for a person. Empty when there is no such thing. */
    Optional<String> passedOver();

    /**
     * Does, before a process depends on it, what the first run has to do and later ones do not, such as loading and linking
     * code; nothing when it ran before. Nothing of it is seen outside. Called on a virtual thread, which is
     * interrupted when it takes too long; then it ends as {@link #run} does.
     *
     * @param our the process that is to run it first
     * @throws GuestException with the phase ABSENT, when what runs it turns out not to work, or has gone
     */
    void rehearse(Address our) throws GuestException;

    /**
     * Instantiates and calls {@code init} on the calling thread, a virtual thread of the kernel; returns when
     * {@code init} does. All memory of the instance is released by then.
     * <p>
     * While Wasm code runs (never inside a call to {@code host}) the thread may be interrupted, and must then end with
     * {@link GuestStopped} within a second, also in an endless loop. Host calls may throw {@link GuestStopped}; it must
     * reach the caller unchanged.
     *
     * @param host what the guest's imports are bound to
     * @throws GuestException when the guest cannot be instantiated or traps: a line that names the cause, the tail of
     *                        what the guest wrote to its standard error included
     * @throws GuestStopped   when it was told to stop
     */
    void run(GuestHost host) throws GuestException;
}
