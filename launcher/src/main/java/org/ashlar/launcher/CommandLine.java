package org.ashlar.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command line taken apart. Options may stand anywhere after the command; {@code --} ends them.
 *
 * @param command   what to do
 * @param options   by name without dashes; a flag has an empty value
 * @param arguments the rest
 */
record CommandLine(Command command, Map<String, String> options, List<String> arguments) {

    /** A wrong usage: one line that says what is wrong and how to go on. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static CommandLine parse(List<String> words) throws UsageException {
        String name = words.getFirst();
        Command command = Command.named(name).orElseThrow(() -> new UsageException(
                "\"" + name + "\" is no command; \"ashlar help\" lists them"));
        Map<String, String> options = new LinkedHashMap<>();
        List<String> arguments = new ArrayList<>();
        boolean optionsEnded = false;
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (optionsEnded || !word.startsWith("-") || word.equals("-")) {
                arguments.add(word);
            } else if (word.equals("--")) {
                optionsEnded = true;
            } else {
                i += readOption(command, words, i, options);
            }
        }
        CommandLine line = new CommandLine(command, options, arguments);
        if (!line.has(Command.HELP.name())) {
            line.checkArguments();
        }
        return line;
    }

    /** Reads the option at {@code index}; returns how many further words it took. */
    private static int readOption(Command command, List<String> words, int index, Map<String, String> options)
            throws UsageException {
        String word = words.get(index);
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = word.substring(word.startsWith("--") ? 2 : 1, equals < 0 ? word.length() : equals);
        Command.Option option = command.option(name)
                .filter(known -> word.startsWith("--") == known.name().length() > 1)
                .orElseThrow(() -> new UsageException(command.name() + " has no option " + word
                        + "; write -- before an argument that begins with a dash; usage: " + command.usage()));
        if (options.containsKey(name)) {
            throw new UsageException(option.shown() + " is given twice");
        }
        if (option.value().isEmpty()) {
            if (equals >= 0) {
                throw new UsageException("--" + name + " takes no value");
            }
            options.put(name, "");
            return 0;
        }
        if (equals >= 0) {
            options.put(name, word.substring(equals + 1));
            return 0;
        }
        if (index + 1 >= words.size()) {
            throw new UsageException(word + " needs a value: " + option.shown());
        }
        options.put(name, words.get(index + 1));
        return 1;
    }

    private void checkArguments() throws UsageException {
        if (arguments.size() < command.min()) {
            throw new UsageException(command.name() + " needs " + command.arguments() + "; usage: " + command.usage());
        }
        if (arguments.size() > command.max()) {
            throw new UsageException("\"" + arguments.get(command.max()) + "\" is one argument too many; usage: "
                    + command.usage());
        }
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }
}
