package org.ashlar.terminal;

/** A command that is refused or fails: one line for a person, and the exit status. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private final int status;

    private CommandException(int status, String message) {
        super(message);
        this.status = status;
    }

    static CommandException failed(String message) {
        return new CommandException(FAILED, message);
    }

    static CommandException wrongUsage(String message) {
        return new CommandException(WRONG_USAGE, message);
    }

    int status() {
        return status;
    }
}
