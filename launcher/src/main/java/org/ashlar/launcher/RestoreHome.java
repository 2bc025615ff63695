package org.ashlar.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * {@code ashlar restore}: a new home from backups, without a node. What does it is the node's own bundle {@code backup}, on a class path of its
 * own with the libraries that it needs and every kind of target that the distribution has.
 */
final class RestoreHome {
    /** The environment variable with the password. */
    static final String PASSWORD = "ASHLAR_BACKUP_PASSWORD";
    private static final String ENTRY = "org.ashlar.backup.OfflineRestore";
    private static final List<String> LIBRARIES = List.of("org.ashlar:api:", "org.ashlar:repository:", "org.ashlar:backup:", "org.ashlar:backup-",
            "com.fasterxml.jackson.core:", "com.github.luben:zstd-jni:", "org.bouncycastle:bcprov-jdk18on:", "org.apache.sshd:", "org.slf4j:slf4j-api:");

    private final CommandLine line;
    private final Home home;
    private final Console console;
    private final Map<String, String> environment;

    RestoreHome(CommandLine line, Home home, Console console, Map<String, String> environment) {
        this.line = line;
        this.home = home;
        this.console = console;
        this.environment = environment;
    }

    int run() throws LaunchException, IOException, CommandLine.UsageException {
        if (line.option("from").isEmpty()) {
            throw new CommandLine.UsageException("restore needs --from PLACE; usage: " + line.command().usage());
        }
        if (line.option(Command.HOME.name()).isEmpty() && Optional.ofNullable(environment.get("ASHLAR_HOME")).isEmpty()) {
            throw new CommandLine.UsageException("restore needs --home NEW, the folder to be made");
        }
        Passwords passwords = new Passwords(line, console, environment);
        Optional<char[]> given = passwords.given(PASSWORD);
        char[] password = given.isPresent() ? given.get() : passwords.ask("Password of the backups: ",
                "the password of the backups is needed: --password-file FILE, or " + PASSWORD + " in the environment");
        try (OfflineBundles bundles = OfflineBundles.open(LIBRARIES)) {
            Consumer<String> tell = text -> console.error(text + "\n");
            Consumer<String> show = text -> {
                if (console.screen().terminal()) {
                    console.error("\r\u001b[K" + text);
                }
            };
            BiFunction<String, Boolean, String> ask = this::ask;
            bundles.call(ENTRY, "run", line.options(), Path.of("").toAbsolutePath().toString(), home.path().toString(), password, ask, show, tell);
        }
        return console.line("start the node with: ashlar up --home " + home.path()
                + (KeyTool.isEncrypted(home) ? "; it asks for the password of the node's key, which is not that of the backups" : ""));
    }

    private String ask(String question, boolean hidden) {
        if (!console.screen().answers()) {
            throw new IllegalStateException("a credential is needed (" + question + "): --credential-file FILE, a line for each value");
        }
        try {
            return hidden ? console.secret(question + ": ") : console.ask(question + ": ").strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
