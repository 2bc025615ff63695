package org.ashlar.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts a node in a JVM of its own, in a session of its own, and waits until it is ready. */
final class Background {
    private static final int POLL_MILLIS = 40;
    /** What a node that gives up has to stop in, before it is ended. */
    private static final int SPARE_SECONDS = Node.STOP_SECONDS + 10;
    private static final int MAX_COMPLAINT = 16 * 1024;
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final CommandLine line;
    private final Home home;
    private final Console console;
    private final Map<String, String> environment;
    private final Distribution distribution;

    Background(CommandLine line, Home home, Console console, Map<String, String> environment, Distribution distribution) {
        this.line = line;
        this.home = home;
        this.console = console;
        this.environment = environment;
        this.distribution = distribution;
    }

    /**
     * Starts it.
     *
     * @param wait     seconds until the node must be ready
     * @param password of the node's key. It goes through a pipe: arguments and environments of processes can be seen
     */
    int start(int wait, Optional<char[]> password) throws LaunchException, IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(wait, password.isPresent()))
                .redirectInput(password.isPresent() ? Redirect.PIPE : Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.DISCARD).redirectError(Redirect.PIPE);
        builder.environment().remove(Passwords.KEY);
        Process process = builder.start();
        if (password.isPresent()) {
            hand(password.get(), process);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(wait + SPARE_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return failed(process);
            }
            Optional<Path> socket = readySocket(process.pid());
            if (socket.isPresent()) {
                console.out(Up.welcome(socket.get(), home).getBytes(StandardCharsets.UTF_8));
                return Main.DONE;
            }
        }
        process.destroyForcibly(); // it should have given up by itself
        throw new LaunchException(Up.notReady(home, wait));
    }

    private static void hand(char[] password, Process process) {
        try (OutputStream out = process.getOutputStream()) {
            out.write((new String(password) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // it has ended, and says why
        }
    }

    private List<String> command(int wait, boolean password) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString()); // or the node would end with the terminal it was started from
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + distribution.jvmOptions(), "-D" + Up.BACKGROUND + "=true"));
        ClassArchive.ofThisProcess().ifPresent(archive -> command.addAll(archive.options()));
        command.addAll(List.of("-cp", distribution.libraries().resolve("*").toString(), Main.class.getName(),
                "up", "--foreground", "--wait", String.valueOf(wait), "--home", home.path().toString()));
        if (password) {
            command.addAll(List.of("--password-fd", "0"));
        }
        line.option("name").ifPresent(name -> command.addAll(List.of("--name", name)));
        command.addAll(Remembered.words(line));
        return command;
    }

    /** The socket, once the node that was started here, and no other, holds the home and is ready. */
    private Optional<Path> readySocket(long pid) throws IOException {
        if (HomeLock.lastHolder(home).filter(holder -> holder == pid).isEmpty()) {
            return Optional.empty();
        }
        return RuntimeFolder.socketOf(home, environment)
                .filter(socket -> Capture.run(socket, "ready", new Capture()).filter(status -> status == 0).isPresent());
    }

    private int failed(Process process) throws IOException {
        try (InputStream errors = process.getErrorStream()) {
            byte[] complaint = errors.readNBytes(MAX_COMPLAINT);
            console.err(complaint.length > 0 ? complaint
                    : ("ashlar: the node ended with status " + process.exitValue() + "; see "
                    + home.folder("log") + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return process.exitValue() == Main.DONE ? Main.FAILED : process.exitValue();
    }
}
