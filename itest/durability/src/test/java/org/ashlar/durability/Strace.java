package org.ashlar.durability;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program {@code strace}. */
final class Strace {
    /** Longest part of what is written that is shown, in bytes: a page of the database. */
    private static final int SHOWN = 4096;

    private Strace() { }

    /** Skips the test where it is missing or may not trace. */
    static void assumeItCanBeUsed(Path folder) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "strace", "");
        try {
            int status = new ProcessBuilder("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fsync", "true")
                    .redirectErrorStream(true).redirectOutput(said.toFile()).start().waitFor();
            assumeTrue(status == 0, () -> "strace may not trace here: " + text(said));
        } catch (IOException e) {
            assumeTrue(false, "strace is not installed; \"./ashlar test --all\" installs it");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /**
     * What to put before a command to have it traced.
     *
     * @param syncMillis how long every sync is held up: an answer that does not wait for it then comes before it
     */
    static List<String> tracing(Path trace, int syncMillis) {
        return List.of("strace", "-f", "-ttt", "-y", "-s", String.valueOf(SHOWN), "--seccomp-bpf", "-o", trace.toString(),
                "-e", "trace=" + Trace.CALLS, "-e", "inject=fsync,fdatasync:delay_enter=" + syncMillis * 1000);
    }

    /** Makes every sync of a running process fail from now on, until the program returned is destroyed. */
    static Process failSyncs(long pid, Path trace, Path said) throws IOException, InterruptedException {
        Process strace = new ProcessBuilder("strace", "-f", "-y", "-o", trace.toString(), "-e", "trace=fsync,fdatasync",
                "-e", "inject=fsync,fdatasync:error=EIO", "-p", String.valueOf(pid))
                .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        Patience.until("strace is attached", () -> text(said).contains("attached") || !strace.isAlive());
        assumeTrue(strace.isAlive(), () -> "strace may not attach here: " + text(said));
        return strace;
    }
}
