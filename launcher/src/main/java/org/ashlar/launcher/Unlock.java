package org.ashlar.launcher;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Before a node starts: its password, and on a terminal its name, its password and its recovery phrase when it is made. */
final class Unlock {
    private static final String NEEDED = "the key of this node is encrypted, and its password is needed: --password-file FILE, "
            + "--password-fd N, or " + Passwords.KEY + " in the environment; on a terminal \"ashlar up\" asks for it";
    private static final int WORDS_IN_LINE = 6;

    private final CommandLine line;
    private final Home home;
    private final Console console;
    private final Passwords passwords;

    Unlock(CommandLine line, Home home, Console console, Map<String, String> environment) {
        this.line = line;
        this.home = home;
        this.console = console;
        this.passwords = new Passwords(line, console, environment);
    }

    /**
     * The password of the node's key; on a terminal a new home is made first. Empty when the key is not encrypted, or will not be.
     *
     * @throws LaunchException when it is needed and nobody gives it
     */
    Optional<char[]> password() throws LaunchException, IOException, CommandLine.UsageException {
        Optional<char[]> given = passwords.given(Passwords.KEY);
        if (!KeyTool.hasKey(home)) {
            return console.screen().answers() && !line.has("foreground") ? firstStart(given) : given;
        }
        if (!KeyTool.isEncrypted(home)) {
            if (line.has("password-file") || line.has("password-fd")) {
                throw new LaunchException("the key of this home is not encrypted: leave the password out, or encrypt it with: ashlar key password");
            }
            return Optional.empty();
        }
        if (given.isPresent() || HomeLock.isHeld(home)) {
            return given; // a home that is in use is refused by the start itself
        }
        return Optional.of(passwords.ask("Password of the node's key: ", NEEDED));
    }

    /** What opens the key of {@code prepared}, the locked home; a home that has none gets one when there is a password. */
    Optional<byte[]> fileKey(Home prepared, Optional<char[]> password) throws LaunchException, IOException {
        if (password.isEmpty()) {
            return Optional.empty();
        }
        try (KeyTool tool = KeyTool.open()) {
            if (!KeyTool.hasKey(prepared)) {
                tool.create(prepared, line.option("name").orElse(Home.DEFAULT_NAME), password.get());
            }
            return Optional.of(tool.unlock(prepared, password.get()));
        }
    }

    private Optional<char[]> firstStart(Optional<char[]> given) throws LaunchException, IOException {
        Home made = home.createFolder();
        try (HomeLock lock = HomeLock.take(made); KeyTool tool = KeyTool.open()) {
            made.prepare();
            console.error("There is no node yet in " + made.path() + ": this makes one.\n");
            String name = tool.checkedName(line.has("name") ? line.option("name").get() : askName());
            char[] password = given.isPresent() ? given.get()
                    : passwords.askNew("A password for the key of " + name + " (empty: the key is not encrypted): ");
            String phrase = tool.create(made, name, password);
            console.error(password.length > 0 ? "The key is encrypted. Each start asks for the password.\n"
                    : "The key is not encrypted: whoever reads " + made.key() + " can be this node. To change that: ashlar key password\n");
            show(name, phrase);
            return Optional.of(password).filter(chosen -> chosen.length > 0);
        }
    }

    private String askName() throws IOException {
        String answer = console.ask("A name for the node, such as alice.os [" + Home.DEFAULT_NAME + "]: ").strip();
        return answer.isEmpty() ? Home.DEFAULT_NAME : answer;
    }

    private void show(String name, String phrase) throws IOException {
        console.error("\nThe recovery phrase of " + name + ". The key can be made again from it, by whoever has it: write it down, on paper.\n"
                + lines(phrase) + "It is not shown again by itself; \"ashlar key export --phrase\" does.\n");
        console.ask("Press Enter when it is written down: ");
    }

    /** The words, numbered, some in a line. */
    static String lines(String phrase) {
        StringBuilder text = new StringBuilder();
        String[] words = phrase.split(" ");
        for (int i = 0; i < words.length; i++) {
            text.append((i + 1) % WORDS_IN_LINE == 0 ? String.format("%4d %s%n", i + 1, words[i]) : String.format("%4d %-9s", i + 1, words[i]));
        }
        return text.toString();
    }
}
