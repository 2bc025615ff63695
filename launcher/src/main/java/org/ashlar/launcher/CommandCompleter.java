package org.ashlar.launcher;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jline.builtins.Completers;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, their options, and what the node knows: addresses, processes, packages, paths in drives. */
final class CommandCompleter implements Completer {
    private final Function<String, List<String>> node;
    private final Completer files = new Completers.FileNameCompleter();

    /** @param node gives the candidates for a subject ({@code addresses}, {@code processes}, {@code packages},
     *             {@code paths:} and a path that is begun) */
    CommandCompleter(Function<String, List<String>> node) {
        this.node = node;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            Command.ALL.stream().filter(command -> command.place() == Command.Place.NODE || command.name().equals("help"))
                    .forEach(command -> candidates.add(new Candidate(command.name(), command.name(), null,
                            command.summary(), null, null, true)));
            candidates.add(new Candidate("exit", "exit", null, "leave", null, null, true));
            return;
        }
        Optional<Command> command = Command.named(line.words().getFirst());
        if (command.isEmpty()) {
            return;
        }
        if (line.word().startsWith("-")) {
            command.get().options().forEach(option -> add(candidates, option.shown().split(" ")[0]));
        } else if (path(command.get(), line.wordIndex())) {
            node.apply("paths:" + line.word()).forEach(path ->
                    candidates.add(new Candidate(path, path, null, null, null, null, !path.endsWith("/"))));
        } else if (local(command.get(), line.wordIndex())) {
            files.complete(reader, line, candidates);
        } else if (line.wordIndex() == 1) {
            subject(command.get()).ifPresentOrElse(subject -> node.apply(subject).forEach(name -> add(candidates, name)),
                    () -> completeOther(candidates, command.get()));
        }
    }

    private static void completeOther(List<Candidate> candidates, Command command) {
        switch (command.name()) {
            case "help" -> Command.ALL.forEach(each -> add(candidates, each.name()));
            default -> command.options().forEach(option -> add(candidates, option.shown().split(" ")[0]));
        }
    }

    /** Whether that argument is a path in a drive. */
    private static boolean path(Command command, int argument) {
        return switch (command.name()) {
            case "ls", "cat", "rm", "get" -> argument == 1;
            case "put" -> argument == 2;
            default -> false;
        };
    }

    /** Whether that argument is a file of the person's own. */
    private static boolean local(Command command, int argument) {
        return switch (command.name()) {
            case "start", "put" -> argument == 1;
            case "get" -> argument == 2;
            default -> false;
        };
    }

    private static Optional<String> subject(Command command) {
        return switch (command.name()) {
            case "m" -> Optional.of("addresses");
            case "kill", "log", "verbosity" -> Optional.of("processes");
            case "remove" -> Optional.of("packages");
            default -> Optional.empty();
        };
    }

    private static void add(List<Candidate> candidates, String value) {
        candidates.add(new Candidate(value));
    }
}
