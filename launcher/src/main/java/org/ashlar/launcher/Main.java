package org.ashlar.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.control.Invocation;

/**
 * The {@code ashlar} command. Exit status: 0 done; 1 refused or failed, with one line on standard error; 2 wrong usage;
 * 3 no node runs on the home; 141 the reader of its output went away.
 */
public final class Main {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int NO_NODE = 3;
    /** As a program ends that SIGPIPE ended. */
    static final int READER_GONE = 141;

    private final Console console;
    private final Map<String, String> environment;

    Main(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    /** Runs the command line {@code args} and ends the JVM with its exit status. */
    public static void main(String[] args) {
        System.exit(new Main(Console.ofProcess(), System.getenv()).run(Arrays.asList(args)));
    }

    int run(List<String> words) {
        try {
            if (words.isEmpty()) {
                console.error(Help.overview());
                return WRONG_USAGE;
            }
            return switch (words.getFirst()) {
                case "rehearse" -> Rehearsal.run(console);
                case "rehearse-node" -> NodeRehearsal.run();
                case "--version" -> console.line("ashlar " + Help.version());
                case "--help", "-h" -> console.line(Help.overview().stripTrailing());
                default -> run(CommandLine.parse(words));
            };
        } catch (CommandLine.UsageException e) {
            console.error("ashlar: " + e.getMessage() + "\n");
            return WRONG_USAGE;
        } catch (LaunchException e) {
            console.error("ashlar: " + e.getMessage() + "\n");
            return FAILED;
        } catch (Console.ReaderGoneException e) {
            return READER_GONE;
        } catch (IOException e) {
            console.error("ashlar: " + Home.reason(e) + "\n");
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int run(CommandLine line) throws IOException, LaunchException, InterruptedException, CommandLine.UsageException {
        if (line.has(Command.HELP.name())) {
            return console.line(Help.of(line.command()).stripTrailing());
        }
        Home home = Home.of(line.option(Command.HOME.name()), environment);
        return switch (line.command().place()) {
            case SOURCE -> throw new CommandLine.UsageException(line.command().name()
                    + " needs the source tree: run it there, as ./ashlar " + line.command().name());
            case HERE -> switch (line.command().name()) {
                case "up" -> new Up(line, home, console, environment).run();
                case "terminal" -> terminal(home);
                case "restore" -> new RestoreHome(line, home, console, environment).run();
                case "key" -> new KeyCommand(line, home, console, environment).run();
                case "help" -> help(line);
                default -> throw new IllegalStateException("no way to run " + line.command().name());
            };
            case NODE -> line.command().name().equals("down")
                    ? new Down(home, console, environment).run() : inNode(line, home);
        };
    }

    private int help(CommandLine line) throws IOException, CommandLine.UsageException {
        if (line.arguments().isEmpty()) {
            return console.line(Help.overview().stripTrailing());
        }
        return console.line(Help.of(CommandLine.parse(List.of(line.arguments().getFirst(), "--help")).command()).stripTrailing());
    }

    private int inNode(CommandLine line, Home home) throws IOException {
        Optional<ControlClient> connected = connect(home);
        if (connected.isEmpty()) {
            return noNode(home);
        }
        try (ControlClient client = connected.get()) {
            Optional<Integer> status = client.run(withPassword(invocation(line, console.screen())), console);
            if (status.isEmpty()) {
                console.error("ashlar: the node on " + home.path() + " went away before it answered\n");
            }
            return status.orElse(FAILED);
        }
    }

    /** A password goes over the socket, which is the owner's alone; never into a list of processes. */
    private Invocation withPassword(Invocation invocation) {
        String password = environment.getOrDefault(RestoreHome.PASSWORD, "");
        if (!invocation.command().equals("backup") || password.isEmpty()) {
            return invocation;
        }
        Map<String, String> options = new java.util.HashMap<>(invocation.options());
        options.put("password", password);
        return new Invocation(invocation.command(), options, invocation.arguments(), invocation.folder(), invocation.screen());
    }

    private int terminal(Home home) throws IOException, LaunchException {
        Optional<Path> socket = RuntimeFolder.socketOf(home, environment);
        if (socket.isEmpty() || !isServed(home)) {
            return noNode(home);
        }
        if (!console.screen().answers()) {
            throw new LaunchException("the interactive terminal needs a terminal");
        }
        try (InteractiveTerminal terminal = InteractiveTerminal.open(socket.get(), home)) {
            terminal.run();
        }
        return DONE;
    }

    private boolean isServed(Home home) throws IOException {
        try (ControlClient client = connect(home).orElse(null)) {
            return client != null;
        }
    }

    private Optional<ControlClient> connect(Home home) {
        return RuntimeFolder.socketOf(home, environment).flatMap(ControlClient::connect);
    }

    private int noNode(Home home) {
        console.error("ashlar: no node runs on " + home.path() + "; start it with: ashlar up\n");
        return NO_NODE;
    }

    static Invocation invocation(CommandLine line, Invocation.Screen screen) {
        return new Invocation(line.command().name(), line.options(), line.arguments(),
                Path.of("").toAbsolutePath().toString(), screen);
    }
}
