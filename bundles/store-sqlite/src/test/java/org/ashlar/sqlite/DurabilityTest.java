package org.ashlar.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an acknowledged commit is worth when the process dies or the disk is full. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DurabilityTest {
    private static final int WRITERS = 8;
    private static final Pattern SYNC = Pattern.compile("f(data)?sync\\(\\d+<[^>]*state\\.db-wal>\\)\\s+= 0");

    @TempDir
    Path home;

    @Test
    void everyAcknowledgedCommitSurvivesAKill() throws Exception {
        Set<String> acknowledged = new HashSet<>();
        Process probe = new ProcessBuilder(probe(WRITERS, 1_000_000)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(probe.getInputStream()))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("done ")) {
                    acknowledged.add(line.substring("done ".length()).replace(' ', '/'));
                }
                if (acknowledged.size() == 500) {
                    // Not by the Process, which would close the stream: what was said before must be read.
                    probe.toHandle().destroyForcibly();
                }
            }
        }
        assertTrue(probe.waitFor(10, TimeUnit.SECONDS));
        SqliteStateStore store = new SqliteStateStore(home);
        for (String key : acknowledged) {
            assertTrue(store.get("state", key).isPresent(), key + " was acknowledged and is gone");
            assertTrue(store.get("twin", key).isPresent(), key + " is there by half");
        }
        store.close();
    }

    @Test
    void theDiskIsToldBeforeTheCallerIs() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace");
        Path trace = home.resolve("trace");
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-y", "-s", "64", "-o", trace.toString(),
                "-e", "trace=fsync,fdatasync,write"));
        command.addAll(probe(1, 20));
        Process probe = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(probe.getInputStream().readAllBytes());
        boolean traced = probe.waitFor() != 0 || Files.size(trace) > 0;
        assumeTrue(traced && !output.contains("ptrace"), "strace may not trace here: " + output);

        boolean synced = false;
        int done = 0;
        for (String line : Files.readAllLines(trace)) {
            if (line.contains("\"begin 0 ")) {
                synced = false;
            } else if (SYNC.matcher(line).find()) {
                synced = true;
            } else if (line.contains("\"done 0 ")) {
                done++;
                assertTrue(synced, "commit " + done + " returned without a sync of the log");
            }
        }
        assertEquals(20, done, "the trace shows all commits");
    }

    @Test
    void aFullDiskIsToldAndTheStoreGoesOnWhenThereIsRoom() throws Exception {
        Path small = Files.createDirectory(home.resolve("small"));
        assumeTrue(Files.isWritable(Path.of("/")) && run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString()),
                "needs the right to mount a small file system");
        try {
            Path ballast = Files.write(small.resolve("ballast"), new byte[1 << 20]);
            SqliteStateStore store = new SqliteStateStore(small.resolve("home"));
            store.commit(List.of(Change.put("state", "before", new byte[10])));
            StoreException full = assertThrows(StoreException.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    store.commit(List.of(Change.put("state", "fill" + i, new byte[100_000])));
                }
            });
            assertTrue(full.getMessage().contains("disk is full"), full.getMessage());
            assertTrue(store.get("state", "before").isPresent(), "what was there can be read");

            Files.delete(ballast);
            store.commit(List.of(Change.put("state", "after", new byte[10])));
            store.close();

            SqliteStateStore again = new SqliteStateStore(small.resolve("home"));
            assertTrue(again.get("state", "before").isPresent() && again.get("state", "after").isPresent());
            again.close();
        } finally {
            run("umount", small.toString());
        }
    }

    @Test
    void anotherProcessCannotOpenTheSameStore() throws Exception {
        Process probe = new ProcessBuilder(probe(1, 1_000_000)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(probe.getInputStream()))) {
            assertEquals("begin 0 0", lines.readLine());
            StoreException refusal = assertThrows(StoreException.class,
                    () -> new SqliteStateStore(home, Duration.ofMillis(200)));
            assertTrue(refusal.getMessage().contains("in use by another process"), refusal.getMessage());
        } finally {
            probe.destroyForcibly().waitFor();
        }
    }

    private List<String> probe(int writers, int commits) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xmx64m", "-cp", System.getProperty("java.class.path"),
                StoreProbe.class.getName(), home.toString(), String.valueOf(writers), String.valueOf(commits));
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start().waitFor() == 0;
    }
}
