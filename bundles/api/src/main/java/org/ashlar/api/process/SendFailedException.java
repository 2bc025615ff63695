package org.ashlar.api.process;

import org.ashlar.api.message.SendError;

/** A Request that ended without a Response. */
public final class SendFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient SendError error;

    /** @param reason what a person should read: who was asked, and why no answer can come */
    public SendFailedException(SendError error, String reason) {
        super(reason);
        this.error = error;
    }

    public SendError error() {
        return error;
    }
}
