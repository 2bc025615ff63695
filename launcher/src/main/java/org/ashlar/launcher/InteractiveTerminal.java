package org.ashlar.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.ashlar.control.Invocation;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;

/**
 * The line editor of a person at a terminal. It speaks to the node over the control socket, as every other command does:
 * the node's bundles, the terminal's included, are replaced without the person losing the line being typed.
 * <p>
 * Used by one thread, except {@link #close}.
 */
final class InteractiveTerminal implements AutoCloseable {
    private static final int HISTORY_LINES = 1000;
    private static final int RECONNECT_MILLIS = 500;
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private final Path socket;
    private final Terminal terminal;
    private final LineReader reader;
    private final String prompt;
    private final AtomicReference<ControlClient> running = new AtomicReference<>();
    private final AtomicReference<ControlClient> prints = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Thread typist;
    private volatile boolean leaving;

    private InteractiveTerminal(Path socket, Terminal terminal, LineReader reader, String prompt) {
        this.socket = socket;
        this.terminal = terminal;
        this.reader = reader;
        this.prompt = prompt;
    }

    static InteractiveTerminal open(Path socket, Home home) throws IOException {
        Terminal terminal = TerminalBuilder.builder().system(true).nativeSignals(true)
                .signalHandler(Terminal.SignalHandler.SIG_IGN).build();
        if (terminal.getWidth() <= 0 || terminal.getHeight() <= 0) {
            terminal.setSize(new Size(COLUMNS, ROWS)); // a terminal that does not say, such as a serial line
        }
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(null); // a backslash in a JSON body is meant
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("ashlar").parser(parser)
                .completer(new CommandCompleter(subject -> ask(socket, subject)))
                .variable(LineReader.HISTORY_FILE, home.folder("cache").resolve("terminal-history"))
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        String name = ask(socket, "name").stream().findFirst().orElse("ashlar");
        InteractiveTerminal interactive = new InteractiveTerminal(socket, terminal, reader, name + " > ");
        terminal.handle(Terminal.Signal.INT, signal -> interactive.cancel());
        Thread.ofPlatform().daemon().name("prints").start(interactive::showPrints);
        return interactive;
    }

    /** What the node says for completion: one candidate a line. */
    private static List<String> ask(Path socket, String subject) {
        Capture capture = new Capture();
        boolean answered = Capture.run(socket, new Invocation("complete", java.util.Map.of(), List.of(subject), "/",
                Invocation.Screen.PLAIN), capture).filter(status -> status == 0).isPresent();
        return answered ? capture.text().lines().toList() : List.of();
    }

    /** Reads and runs lines until the person leaves: {@code exit}, Ctrl+D, or Ctrl+C on an empty line. */
    void run() {
        typist = Thread.currentThread();
        try {
            readLines();
        } finally {
            typist = null;
            Thread.interrupted(); // what a late Ctrl+C left must not cut short how the node stops
        }
    }

    private void readLines() {
        while (!closed.get() && !leaving) {
            try {
                String line = reader.readLine(prompt).strip();
                List<String> words = line.isEmpty() ? List.of() : reader.getParser().parse(line, 0).words();
                if (!words.isEmpty() && (words.getFirst().equals("exit") || words.getFirst().equals("quit"))) {
                    return;
                }
                if (!words.isEmpty()) {
                    execute(words.getFirst().equals("ashlar") && words.size() > 1 ? words.subList(1, words.size()) : words);
                }
            } catch (UserInterruptException e) {
                if (leaving || e.getPartialLine().isEmpty()) {
                    return;
                }
                say("(Ctrl+C once more leaves)\n");
            } catch (EndOfFileException e) {
                return;
            } catch (java.io.IOError e) {
                return; // the terminal was closed or has gone away
            }
        }
    }

    private void execute(List<String> words) {
        try {
            CommandLine line = CommandLine.parse(words);
            switch (line.command().place()) {
                case NODE -> {
                    if (line.has(Command.HELP.name())) {
                        say(Help.of(line.command()));
                    } else {
                        inNode(line);
                    }
                }
                case HERE -> say(line.command().name().equals("help") && line.arguments().isEmpty() ? Help.overview()
                        + "Here, leave out \"ashlar\". Leave with: exit\n"
                        : Help.of(line.arguments().isEmpty() ? line.command()
                                : CommandLine.parse(List.of(line.arguments().getFirst(), "--help")).command()));
                case SOURCE -> say(line.command().name() + " is run in the source tree, as ./ashlar "
                        + line.command().name() + "\n");
            }
        } catch (CommandLine.UsageException e) {
            say(e.getMessage() + "\n");
        } catch (IOException e) {
            say(Home.reason(e) + "\n");
        }
    }

    private void inNode(CommandLine line) throws IOException {
        Optional<ControlClient> connected = ControlClient.connect(socket);
        if (connected.isEmpty()) {
            say("the node does not answer at the moment\n");
            return;
        }
        try (ControlClient client = connected.get()) {
            running.set(client);
            Invocation.Screen screen = new Invocation.Screen(true, System.getenv("NO_COLOR") == null, true,
                    terminal.getWidth());
            client.run(Main.invocation(line, screen), new Exchange());
        } finally {
            running.set(null);
        }
    }

    /** Ctrl+C while a command runs ends that command; between two lines it leaves, also if the next is about to be read. */
    private void cancel() {
        ControlClient command = running.getAndSet(null);
        Thread reading = typist;
        if (command == null && reading != null) {
            leaving = true;
            reading.interrupt();
        }
        closeQuietly(command);
    }

    /** Shows what processes print above the line being typed, until this is closed. */
    private void showPrints() {
        while (!closed.get()) {
            Optional<ControlClient> connected = ControlClient.connect(socket);
            try {
                if (connected.isPresent()) {
                    prints.set(connected.get());
                    connected.get().run(new Invocation("prints", java.util.Map.of(), List.of(), "/",
                            new Invocation.Screen(true, System.getenv("NO_COLOR") == null, false, terminal.getWidth())),
                            new Prints());
                }
                Thread.sleep(RECONNECT_MILLIS);
            } catch (IOException e) {
                continue; // the connection was closed; the loop ends or tries again
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                closeQuietly(prints.getAndSet(null));
            }
        }
    }

    private void say(String text) {
        terminal.writer().print(text);
        terminal.writer().flush();
    }

    @Override
    public void close() {
        release();
    }

    /** Gives the terminal back. Returns whether this was the first call. */
    boolean release() {
        boolean first = closed.compareAndSet(false, true);
        if (first) {
            cancel();
            closeQuietly(prints.getAndSet(null));
            closeQuietly(terminal);
        }
        return first;
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            return; // it is of no use any more, whatever it says
        }
    }

    private final class Exchange implements ControlClient.Exchange {
        @Override
        public void out(byte[] bytes) throws IOException {
            terminal.output().write(bytes);
            terminal.output().flush();
        }

        @Override
        public void err(byte[] bytes) throws IOException {
            out(bytes);
        }

        @Override
        public String ask(String question) {
            return read(question, null);
        }

        @Override
        public String secret(String question) {
            return read(question, '\0');
        }

        private String read(String question, Character mask) {
            try {
                return LineReaderBuilder.builder().terminal(terminal).build().readLine(question, mask);
            } catch (UserInterruptException | EndOfFileException e) {
                return "";
            }
        }
    }

    private final class Prints implements ControlClient.Exchange {
        @Override
        public void out(byte[] bytes) {
            reader.printAbove(AttributedString.fromAnsi(new String(bytes, StandardCharsets.UTF_8).stripTrailing()));
        }

        @Override
        public void err(byte[] bytes) {
            out(bytes);
        }

        @Override
        public String ask(String question) {
            return "";
        }

        @Override
        public String secret(String question) {
            return "";
        }
    }
}
