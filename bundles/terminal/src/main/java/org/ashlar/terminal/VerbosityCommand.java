package org.ashlar.terminal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.ProcessId;
import org.ashlar.control.Invocation;

/** {@code verbosity}: looks at and sets which printouts are shown. */
final class VerbosityCommand implements CommandHandler {
    private static final String LEVELS = "a level is 0, 1, 2 or 3; 0 shows what everyone should see";

    private final Verbosity verbosity;

    VerbosityCommand(Verbosity verbosity) {
        this.verbosity = verbosity;
    }

    @Override
    public void run(Invocation invocation, Session session) throws CommandException, IOException {
        List<String> arguments = invocation.arguments();
        switch (arguments.size()) {
            case 0 -> show(session);
            case 1 -> verbosity.setGeneral(level(arguments.getFirst()));
            default -> set(KillCommand.process(arguments.getFirst()), arguments.get(1));
        }
    }

    private void show(Session session) throws IOException {
        session.line("all processes: " + verbosity.general());
        for (var each : verbosity.levels().entrySet()) {
            session.line(each.getKey() + ": " + (each.getValue() == Verbosity.MUTED ? "muted" : each.getValue()));
        }
    }

    private void set(ProcessId process, String wanted) throws CommandException {
        Optional<Integer> level = switch (wanted) {
            case "clear" -> Optional.empty();
            case "mute" -> Optional.of(Verbosity.MUTED);
            default -> Optional.of(level(wanted));
        };
        if (!verbosity.set(process, level)) {
            throw CommandException.failed("at most " + Verbosity.MAX_PROCESSES
                    + " processes can have a level of their own; clear some");
        }
    }

    private static int level(String text) throws CommandException {
        if (text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '0' + Verbosity.MAX) {
            return text.charAt(0) - '0';
        }
        throw CommandException.wrongUsage("\"" + text + "\" is no level: " + LEVELS + ", and for one process also mute or clear");
    }
}
