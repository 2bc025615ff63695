package org.ashlar.api.backup;

import java.io.IOException;

/**
 * A target refused what was asked, and would refuse it again: a wrong credential, a deletion where only adding is
 * permitted. Trying again is no use; the message says what to do instead. Every other {@link IOException} of a target may
 * pass by itself.
 */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }

    public RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
