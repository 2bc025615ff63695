package org.ashlar.kernel;

/** A command that was understood and not carried out; the message says why, for a person. */
final class CommandRefused extends Exception {
    private static final long serialVersionUID = 1L;

    CommandRefused(String reason) {
        super(reason);
    }
}
