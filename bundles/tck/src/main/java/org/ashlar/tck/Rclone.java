package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of Debian's {@code rclone}, on a port of its own: what targets that are reached over a network are tested against. */
public final class Rclone implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("https?://127\\.0\\.0\\.1:[0-9]+/");
    private static final int TRIES = 600;
    private static final long PAUSE_MILLIS = 100;

    private final List<String> command;
    private final Path scratch;
    private Process process;
    private String address;

    private Rclone(List<String> command, Path scratch) {
        this.command = command;
        this.scratch = scratch;
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
        List<String> command = new ArrayList<>(List.of("rclone", "serve", protocol, "--config", "", served));
        command.addAll(List.of(options));
        Rclone server = new Rclone(command, scratch);
        server.start("127.0.0.1:0");
        return server;
    }

    private void start(String where) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--addr", where));
        Path log = Files.createTempFile(scratch, "rclone", ".log");
        process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            Matcher found = ADDRESS.matcher(Files.readString(log));
            if (found.find()) {
                address = found.group();
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        process.destroyForcibly();
        throw new IOException("rclone does not serve: " + Files.readString(log));
    }

    /** Kills it in the middle of whatever it does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "rclone ends");
    }

    /** Serves again what it served, at the same address. */
    public void again() throws IOException, InterruptedException {
        start(address.replaceAll("https?://|/", ""));
    }

    /** Where it serves; ends with a slash. */
    public String address() {
        return address;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
