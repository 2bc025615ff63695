package org.ashlar.api.process;

/** A guest that cannot be loaded, cannot be started or has trapped. The message is one line for a person. */
public final class GuestException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Where it failed. */
    public enum Phase {
        /** The bytes are no component of a world that is served: it will never start. */
        INVALID,
        /** Nothing is there that could run it; that may change. It has not failed. */
        ABSENT,
        /** It could not be instantiated. */
        START,
        /** It ran, and trapped. */
        TRAP
    }

    private final transient Phase phase;
    private final transient String output;

    public GuestException(Phase phase, String message, Throwable cause) {
        this(phase, message, "", cause);
    }

    /** @param output the tail of the guest's standard error, possibly several lines */
    public GuestException(Phase phase, String message, String output, Throwable cause) {
        super(message, cause);
        this.phase = phase;
        this.output = output;
    }

    public Phase phase() {
        return phase;
    }

    public String output() {
        return output;
    }
}
