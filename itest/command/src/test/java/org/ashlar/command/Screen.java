package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A terminal of its own, made by {@code script} of util-linux, with a command {@code ashlar} on it. */
final class Screen implements AutoCloseable {
    private final Process process;
    private final OutputStream keys;
    private final StringBuilder shown = new StringBuilder();
    private int seen;

    Screen(Ashlar ashlar, String... words) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script of util-linux");
        ProcessBuilder builder = ashlar.start(words);
        // Without exec a shell in between would see Ctrl+C, too, and give it as its status.
        String line = "exec " + String.join(" ", builder.command().stream().map(word -> "'" + word + "'").toList());
        // Tests that were started in the background of a shell ignore Ctrl+C, and would pass that on.
        builder.command(List.of("env", "--default-signal=INT", "/usr/bin/script", "--quiet", "--return", "--command", line, "/dev/null"));
        builder.environment().put("TERM", "xterm");
        process = builder.redirectErrorStream(true).start();
        keys = process.getOutputStream();
        InputStream output = process.getInputStream();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                byte[] bytes = new byte[4096];
                for (int read = output.read(bytes); read > 0; read = output.read(bytes)) {
                    append(new String(bytes, 0, read, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                append("[" + e.getMessage() + "]");
            }
        });
    }

    private synchronized void append(String text) {
        shown.append(text.replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", ""));
        notifyAll();
    }

    /** Waits until {@code text} is shown, after what was waited for before. */
    synchronized void await(String text) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int found = shown.indexOf(text, seen);
        while (found < 0) {
            assertTrue(System.nanoTime() < end, "\"" + text + "\" appears in: " + shown.substring(seen));
            wait(100);
            found = shown.indexOf(text, seen);
        }
        seen = found + text.length();
    }

    synchronized void neverShows(String text) {
        assertTrue(shown.indexOf(text) < 0, shown.toString());
    }

    void type(String text) throws Exception {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    int end() throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "it ends: " + shown);
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
