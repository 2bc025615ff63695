package org.ashlar.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/** {@code ashlar up}: a node in this JVM, or one in the background. */
final class Up {
    /** Set in the JVM that {@code --detach} starts. */
    static final String BACKGROUND = "ashlar.background";
    /** Seconds. */
    static final int LONGEST_WAIT = 86_400;

    private final CommandLine line;
    private final Home home;
    private final Console console;
    private final Map<String, String> environment;
    private final Distribution distribution = Distribution.own();

    Up(CommandLine line, Home home, Console console, Map<String, String> environment) {
        this.line = line;
        this.home = home;
        this.console = console;
        this.environment = environment;
    }

    int run() throws LaunchException, IOException, InterruptedException, CommandLine.UsageException {
        if (line.has("detach") && line.has("foreground")) {
            throw new CommandLine.UsageException("--detach and --foreground exclude each other");
        }
        checkName();
        Map<String, String> options = Remembered.options(home, line);
        int wait = wait(line);
        Unlock unlock = new Unlock(line, home, console, environment);
        Optional<char[]> password = unlock.password();
        boolean interactive = console.screen().answers() && !line.has("detach") && !line.has("foreground");
        if (!interactive && !line.has("foreground")) {
            return new Background(line, home, console, environment, distribution).start(wait, password);
        }
        return here(interactive, wait, options, unlock, password);
    }

    private void checkName() throws CommandLine.UsageException {
        Optional<String> name = line.option("name");
        if (name.isPresent() && !name.get().matches("[a-z0-9.-]{1,150}")) {
            throw new CommandLine.UsageException("the node name \"" + name.get()
                    + "\" may contain only a-z, 0-9, '-' and '.', and at most 150 characters");
        }
    }

    private static int wait(CommandLine line) throws CommandLine.UsageException {
        String seconds = line.option("wait").orElse(String.valueOf(Node.READY_SECONDS));
        if (!seconds.matches("[1-9][0-9]{0,4}") || Integer.parseInt(seconds) > LONGEST_WAIT) {
            throw new CommandLine.UsageException("--wait takes seconds, 1 to " + LONGEST_WAIT + ", not \"" + seconds + "\"");
        }
        return Integer.parseInt(seconds);
    }

    private int here(boolean interactive, int wait, Map<String, String> options, Unlock unlock, Optional<char[]> password)
            throws LaunchException, IOException, InterruptedException {
        Node node = Node.start(home, line.option("name"), Remembered.properties(options), distribution, environment, prepared -> {
            Optional<byte[]> fileKey = unlock.fileKey(prepared, password);
            if (interactive || Boolean.getBoolean(BACKGROUND)) {
                redirectOutput(prepared);
            }
            return fileKey;
        });
        // SIGTERM, SIGHUP and Ctrl+C end here, too.
        Runtime.getRuntime().addShutdownHook(new Thread(node::stop, "shutdown"));
        try {
            node.awaitReady(wait);
            Remembered.keep(node.home(), options);
        } catch (LaunchException | IOException e) {
            node.stop();
            throw e;
        }
        if (!Boolean.getBoolean(BACKGROUND)) { // there, who started this JVM says it
            console.out(welcome(node.socket(), node.home()).getBytes(StandardCharsets.UTF_8));
        }
        ClassArchive.ofThisProcess().ifPresent(archive -> archive.recordUnlessUsed(distribution));
        if (interactive) {
            try (InteractiveTerminal terminal = InteractiveTerminal.open(node.socket(), node.home())) {
                endWith(node, terminal);
                terminal.run();
                console.line("stopping …");
            }
            node.stop();
        }
        node.awaitStop();
        return node.stop() ? Main.DONE : Main.FAILED;
    }

    /** Also for the command that waits for a node in the background: it has the classes of no framework. */
    static String notReady(Home home, int seconds) {
        return "the node is not ready after " + seconds + " seconds and was stopped; what it was doing is in "
                + home.folder("log").resolve("ashlar.log") + ". On a slow or busy machine give it longer: ashlar up --wait "
                + Math.min(LONGEST_WAIT, 5 * seconds);
    }

    /** When the node is stopped from elsewhere, the terminal is given back to the person. */
    private void endWith(Node node, InteractiveTerminal terminal) {
        Thread.ofPlatform().daemon().name("await-stop").start(() -> {
            try {
                node.awaitStop();
                if (terminal.release()) {
                    console.error("\nthe node was stopped\n");
                    System.exit(Main.DONE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** What a person is told when the node is ready; at the first start with another key also the card, which others need now. */
    static String welcome(Path socket, Home home) throws IOException {
        Capture told = new Capture();
        Capture.run(socket, "welcome", told);
        Capture card = new Capture();
        if (!Files.exists(home.rotated()) || Capture.run(socket, "card", card).filter(status -> status == 0).isEmpty()) {
            return told.text();
        }
        Files.deleteIfExists(home.rotated());
        return told.text() + "The node has another key. Its card, for everyone who knows it:\n" + card.text();
    }

    /** What bundles write to standard output goes to a file: it would disturb the line editor, or have no reader. */
    private static void redirectOutput(Home home) {
        Path file = home.folder("log").resolve("console.log");
        try {
            PrintStream stream = new PrintStream(Files.newOutputStream(file, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE), true, StandardCharsets.UTF_8);
            System.setOut(stream);
            System.setErr(stream);
        } catch (IOException e) {
            System.err.println("ashlar: " + file + " cannot be written: " + Home.reason(e));
        }
    }
}
