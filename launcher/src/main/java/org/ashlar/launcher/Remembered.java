package org.ashlar.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code up} was told about the network, kept for the next start in {@code <home>/config/up}: lines {@code option=value}. A
 * start that did not come up leaves it as it was.
 */
final class Remembered {
    /**
     * An option that is kept.
     *
     * @param name     without dashes
     * @param property the framework property that it sets
     * @param values   a pattern; empty for a flag
     * @param takes    what it takes, for people
     */
    private record Kept(String name, String property, String values, String takes) {
        void check(String value) throws CommandLine.UsageException {
            // The port after it is for WebSocket.
            if (!value.matches(values) || name.equals("port") && Integer.parseInt(value) > MAX_PORT) {
                throw new CommandLine.UsageException("--" + name + " takes " + takes + ", not \"" + value + "\"");
            }
        }
    }

    private static final int MAX_PORT = 65_534;
    private static final String PLACE = "[A-Za-z0-9.:%_\\[\\]-]{1,253}";
    private static final String A_PLACE = "a name or an IP address";
    private static final String NAMES = "(?=.{1,1500}$)[a-z0-9.-]{1,150}(,[a-z0-9.-]{1,150})*";
    private static final String SOME_NAMES = "names of nodes with commas between them, at most 1500 characters";
    private static final List<Kept> ALL = List.of(
            new Kept("listen", "ashlar.net.listen", PLACE, A_PLACE),
            new Kept("port", "ashlar.net.port", "[1-9][0-9]{0,4}", "a port, 1 to " + MAX_PORT),
            new Kept("host", "ashlar.net.host", PLACE, A_PLACE),
            new Kept("via", "ashlar.net.via", NAMES, SOME_NAMES),
            new Kept("router-for", "ashlar.net.router-for", NAMES, SOME_NAMES),
            new Kept("dns", "ashlar.dns", PLACE, A_PLACE),
            new Kept("directory", "ashlar.directory", "[a-z0-9.-]{1,150}", "the name of a node"),
            new Kept("serve-directory", "ashlar.directory.serve", "", "no value"),
            new Kept("lan", "ashlar.lan", "", "no value"));
    /** Forgets them all; those beside it count. */
    private static final String FORGET = "forget";
    private static final int MAX_BYTES = 4096;

    private Remembered() { }

    /** The options of this start: those of {@code line}, else those kept in {@code home}. */
    static Map<String, String> options(Home home, CommandLine line) throws IOException, LaunchException, CommandLine.UsageException {
        Map<String, String> options = line.has(FORGET) ? new TreeMap<>() : read(home);
        for (Kept kept : ALL) {
            if (line.has(kept.name)) {
                String value = line.option(kept.name).orElseThrow();
                kept.check(value);
                options.put(kept.name, value);
            }
        }
        return options;
    }

    /** As framework properties. */
    static Map<String, String> properties(Map<String, String> options) {
        Map<String, String> properties = new TreeMap<>();
        ALL.stream().filter(kept -> options.containsKey(kept.name)).forEach(kept ->
                properties.put(kept.property, kept.values.isEmpty() ? "true" : options.get(kept.name)));
        return properties;
    }

    /** Those that {@code line} has, for another command line. */
    static List<String> words(CommandLine line) {
        List<String> words = new ArrayList<>();
        Stream.concat(ALL.stream().map(Kept::name), Stream.of(FORGET)).filter(line::has).forEach(option -> {
            words.add("--" + option);
            line.option(option).filter(value -> !value.isEmpty()).ifPresent(words::add);
        });
        return words;
    }

    private static Map<String, String> read(Home home) throws IOException, LaunchException {
        Map<String, String> options = new TreeMap<>();
        Path file = file(home);
        if (!Files.exists(file)) {
            return options;
        }
        try {
            for (String text : Files.size(file) > MAX_BYTES ? List.of("?") : Files.readAllLines(file)) {
                int equals = text.indexOf('=');
                Kept kept = ALL.stream().filter(each -> equals > 0 && each.name.equals(text.substring(0, equals))).findFirst()
                        .orElseThrow(() -> new CommandLine.UsageException("a line of it names no option of \"up\""));
                kept.check(text.substring(equals + 1));
                options.put(kept.name, text.substring(equals + 1));
            }
            return options;
        } catch (CommandLine.UsageException | java.nio.charset.CharacterCodingException e) {
            throw new LaunchException(file + " does not hold what \"up\" was told: " + e.getMessage() + "; delete it, and give the options again", e);
        }
    }

    /** Keeps {@code options}, the file whole or as it was. The caller holds the lock. */
    static void keep(Home home, Map<String, String> options) throws IOException, LaunchException {
        if (read(home).equals(options)) {
            return;
        }
        StringBuilder text = new StringBuilder();
        options.forEach((option, value) -> text.append(option).append('=').append(value).append('\n'));
        Path file = file(home);
        Path aside = file.resolveSibling("up.new");
        Files.writeString(aside, text);
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path file(Home home) {
        return home.folder("config").resolve("up");
    }
}
