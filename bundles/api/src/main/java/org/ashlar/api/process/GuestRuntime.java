package org.ashlar.api.process;

/**
 * Turns the bytes of a Wasm component into something that runs.
 * <p>
 * Life cycle: the kernel holds all that are registered, dynamically, and takes the newest unless configured otherwise.
 * When one departs, the kernel unwinds the guests it runs, before the departing component's deactivation ends.
 */
public interface GuestRuntime {
    /** A short name for people, such as {@code guest/chicory}. */
    String name();

    /**
     * Decodes, validates and compiles. Called on a platform thread of a bounded pool; may take seconds for a large
     * component. Results for the same bytes are shared.
     *
     * @param component the bytes as found; not trusted, not modified
     * @throws GuestException when they are no component of a world that is served here: one line that names the cause
     */
    GuestProgram load(byte[] component) throws GuestException;
}
