package org.ashlar.terminal;

import java.io.IOException;
import org.ashlar.control.Invocation;

/** Carries out one command. Called on a platform thread of the control socket's pool; may block and use files. */
@FunctionalInterface
interface CommandHandler {
    /**
     * Returns when the command is done, which ends with exit status 0.
     *
     * @throws CommandException when it is refused or fails
     * @throws IOException      when the client went away, or a file cannot be used
     */
    void run(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException;
}
