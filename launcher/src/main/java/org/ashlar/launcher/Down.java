package org.ashlar.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code ashlar down}: asks the node to stop and waits until its process is gone. */
final class Down {
    private static final int SPARE_SECONDS = 10;

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
        return awaitEnd(process, pid.get());
    }

    private int awaitEnd(Optional<ProcessHandle> process, long pid) throws IOException, LaunchException, InterruptedException {
        try {
            if (process.isPresent()) {
                process.get().onExit().get(Node.STOP_SECONDS + SPARE_SECONDS, TimeUnit.SECONDS);
            }
            return console.line("the node (process " + pid + ") has stopped");
        } catch (TimeoutException e) {
            throw new LaunchException("the node (process " + pid + ") has not stopped after "
                    + (Node.STOP_SECONDS + SPARE_SECONDS) + " seconds; everything acknowledged is on disk: kill -9 " + pid, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
