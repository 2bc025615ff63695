package org.ashlar.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code ashlar down}: asks the node to stop and waits until its process is gone. */
final class Down {
    private static final int SPARE_SECONDS = 10;
    private static final long POLL_MILLIS = 20;

    private final Home home;
    private final Console console;
    private final Map<String, String> environment;

    Down(Home home, Console console, Map<String, String> environment) {
        this.home = home;
        this.console = console;
        this.environment = environment;
    }

    int run() throws IOException, LaunchException, InterruptedException {
        Optional<Path> socket = RuntimeFolder.socketOf(home, environment);
        Optional<Long> pid = HomeLock.lastHolder(home).filter(holder -> HomeLock.isHeld(home));
        if (pid.isEmpty()) {
            console.error("ashlar: no node runs on " + home.path() + "\n");
            return Main.NO_NODE;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid.get());
        boolean asked = socket.flatMap(path -> Capture.run(path, "down", new Capture())).isPresent();
        if (!asked) {
            process.ifPresent(ProcessHandle::destroy); // it does not listen (any more): SIGTERM stops it as cleanly
        }
        awaitEnd(process, pid.get());
        return console.line("the node (process " + pid.get() + ") has stopped");
    }

    private static void awaitEnd(Optional<ProcessHandle> process, long pid) throws LaunchException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Node.STOP_SECONDS + SPARE_SECONDS);
        while (process.isPresent() && process.get().isAlive() && !isZombie(pid)) {
            if (System.nanoTime() - deadline > 0) {
                throw new LaunchException("the node (process " + pid + ") has not stopped after "
                        + (Node.STOP_SECONDS + SPARE_SECONDS) + " seconds; everything acknowledged is on disk: kill -9 " + pid);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /**
     * Whether a process has ended and nobody has asked how, on Linux: in a container whose first process does not do so, a node that was
     * started in the background stays like that. See proc_pid_stat(5).
     */
    static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(") Z ", stat.lastIndexOf(')'));
        } catch (IOException e) {
            return false;
        }
    }
}
