package org.ashlar.process;

/** An awaited request came to nothing. */
public final class SendFailedException extends RuntimeException {

    private final transient SendError error;

    SendFailedException(SendError error) {
        super("no response from " + error.target() + ": "
                + (error.kind() == SendError.Kind.OFFLINE ? "its node is offline" : "timeout"));
        this.error = error;
    }

    /** What the node reported. */
    public SendError error() {
        return error;
    }
}
