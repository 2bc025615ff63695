package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of Debian's {@code rclone}, on a port of its own: what targets that are reached over a network are tested against. */
public final class Rclone implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("https?://127\\.0\\.0\\.1:[0-9]+/");
    private static final int TRIES = 600;
    private static final long PAUSE_MILLIS = 100;

    private final Process process;
    private final String address;

    private Rclone(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Skips the test where there is no such program. */
    public static void require() {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "against rclone only with \"./ashlar test --all\"");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/rclone")), "rclone is not installed; \"./ashlar test --all\" installs it");
    }

    /**
     * Begins to serve.
     *
     * @param scratch a folder for its log
     * @param served  what is served, in the program's words: a path
     * @param options further ones of its own
     */
    public static Rclone serve(String protocol, Path scratch, String served, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("rclone", "serve", protocol, "--addr", "127.0.0.1:0", "--config", "", served));
        command.addAll(List.of(options));
        Path log = Files.createTempFile(scratch, "rclone", ".log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            Matcher found = ADDRESS.matcher(Files.readString(log));
            if (found.find()) {
                return new Rclone(process, found.group());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        process.destroyForcibly();
        throw new IOException("rclone does not serve: " + Files.readString(log));
    }

    /** Where it serves; ends with a slash. */
    public String address() {
        return address;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS), "rclone ends");
    }
}
