package org.ashlar.api.process;

/**
 * Unwinds a guest that has to give way. Thrown by {@link GuestHost} methods and by {@link GuestProgram#run}; no code
 * between the two may swallow it. An error rather than an exception, without a stack trace: it is control flow.
 */
public final class GuestStopped extends Error {
    private static final long serialVersionUID = 1L;

    public GuestStopped(String reason) {
        super(reason, null, false, false);
    }
}
