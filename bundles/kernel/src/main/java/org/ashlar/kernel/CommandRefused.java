package org.ashlar.kernel;

import org.ashlar.api.message.ProcessId;

/** A command that was understood and not carried out; the message says why, for a person. */
final class CommandRefused extends Exception {
    private static final long serialVersionUID = 1L;

    CommandRefused(String reason) {
        super(reason);
    }

    static CommandRefused taken(ProcessId id) {
        return new CommandRefused("there is already a process " + id);
    }

    static CommandRefused unknown(ProcessId id) {
        return new CommandRefused("there is no process " + id);
    }
}
