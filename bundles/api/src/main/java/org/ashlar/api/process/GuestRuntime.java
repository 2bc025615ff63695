package org.ashlar.api.process;

import java.util.Optional;

/**
 * Turns the bytes of a Wasm component into something that runs.
 * <p>
 * Life cycle: the kernel holds all that are registered, dynamically, and takes the newest unless configured otherwise.
 * When one departs, or modifies its service properties because an engine went, the kernel unwinds the guests whose program
 * {@linkplain GuestProgram#isThere is not there} any more: at their next receive, at most within the drain bound, before the
 * call that announced the change returns. They start again on what is there then. When an engine came, those whose program
 * is not {@linkplain GuestProgram#current current} any more are moved after that call has returned, without hurry.
 */
public interface GuestRuntime {
    /** A short name for people, such as {@code guest/chicory}. */
    String name();

    /**
     * Decodes, validates and compiles. Does not wait for an engine: whoever asks knows how long that makes sense. Called on
     * a platform thread of a bounded pool; may take seconds for a large component. Results for the same bytes are shared.
     *
     * @param component the bytes as found; not trusted, not modified
     * @param engine    name of the engine to prefer while it is there and can run it; empty: the one preferred for all
     * @throws GuestException when they are no component of a world that is served here: one line that names the cause;
     *                        with the phase ABSENT when there is no engine at the moment
     */
    GuestProgram load(byte[] component, Optional<String> engine) throws GuestException;

    /**
     * What {@link #load} would give, when there is nothing to do for it. Returns at once; any thread may call.
     *
     * @param component the very array that was loaded before
     * @return empty when it is to be loaded
     */
    Optional<GuestProgram> loaded(byte[] component, Optional<String> engine);
}
