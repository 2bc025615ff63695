package org.ashlar.launcher;

import java.io.IOException;
import java.io.InputStream;
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
    private static final int SPARE_SECONDS = 15;
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

    int start() throws LaunchException, IOException, InterruptedException {
        Process process = new ProcessBuilder(command()).redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.DISCARD).redirectError(Redirect.PIPE).start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Node.READY_SECONDS + SPARE_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return failed(process);
            }
            Optional<Path> socket = readySocket(process.pid());
            if (socket.isPresent()) {
                console.out(Up.welcome(socket.get()).getBytes(StandardCharsets.UTF_8));
                return Main.DONE;
            }
        }
        throw new LaunchException("the node (process " + process.pid() + ") is not ready; see "
                + home.folder("log").resolve("ashlar.log"));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString()); // or the node would end with the terminal it was started from
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + distribution.jvmOptions(), "-D" + Up.BACKGROUND + "=true",
                "-cp", distribution.libraries().resolve("*").toString(), Main.class.getName(),
                "up", "--foreground", "--home", home.path().toString()));
        line.option("name").ifPresent(name -> command.addAll(List.of("--name", name)));
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
