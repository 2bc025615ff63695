package org.ashlar.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The texts of {@code help} and {@code --version}. */
final class Help {
    private Help() { }

    static String overview() {
        StringBuilder text = new StringBuilder("""
                Ashlar: a personal server whose apps are processes that talk by messages.

                usage: ashlar COMMAND [--home DIR] [--help]

                """);
        for (Command command : Command.ALL) {
            text.append(String.format("  %-22s %s%n", (command.name() + " " + command.arguments()).trim(), command.summary()));
        }
        return text.append("""

                Exit status: 0 done; 1 refused or failed, with one line on standard error; 2 wrong usage; 3 no node runs here.
                Begin with: ashlar up
                """).toString();
    }

    static String of(Command command) {
        StringBuilder text = new StringBuilder(command.summary()).append("\n\nusage: ").append(command.usage()).append('\n');
        if (!command.details().isEmpty()) {
            text.append('\n').append(command.details()).append('\n');
        }
        text.append('\n');
        command.options().forEach(option -> append(text, option));
        append(text, Command.HOME);
        append(text, Command.HELP);
        return text.toString();
    }

    private static void append(StringBuilder text, Command.Option option) {
        text.append(String.format("  %-14s %s%n", option.shown(), option.summary()));
    }

    static String version() {
        Properties properties = new Properties();
        try (InputStream in = Help.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("the launcher's own version.properties cannot be read", e);
        }
        return properties.getProperty("version");
    }
}
