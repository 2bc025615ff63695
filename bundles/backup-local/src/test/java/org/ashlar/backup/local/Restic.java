package org.ashlar.backup.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A stock restic on a folder. */
final class Restic {
    static final String PASSWORD = "correct horse ünd battery";

    private final Path repository;
    private final Path cache;

    Restic(Path repository, Path cache) {
        this.repository = repository;
        this.cache = cache;
    }

    static void require() {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "beside restic only with \"./ashlar test --all\"");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/restic")), "restic is not installed; \"./ashlar test --all\" installs it");
    }

    /** Runs it and expects it to succeed. @return what it said */
    String run(String... arguments) throws IOException, InterruptedException {
        return runIn(Path.of("/"), arguments);
    }

    String runIn(Path folder, String... arguments) throws IOException, InterruptedException {
        Outcome outcome = outcome(folder, arguments);
        assertEquals(0, outcome.status(), String.join(" ", arguments) + ":\n" + outcome.said());
        return outcome.said();
    }

    record Outcome(int status, String said) { }

    Outcome outcome(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("restic", "-r", repository.toString(), "--cache-dir", cache.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().put("RESTIC_PASSWORD", PASSWORD);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor(60, TimeUnit.SECONDS);
        return new Outcome(process.exitValue(), said);
    }

    /** A backup that goes on until it is closed. */
    Held hold() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("restic", "-r", repository.toString(), "--cache-dir", cache.toString(), "backup", "--stdin")
                .redirectErrorStream(true);
        builder.environment().put("RESTIC_PASSWORD", PASSWORD);
        Process process = builder.start();
        for (int i = 0; i < 600; i++) {
            try (Stream<Path> locks = Files.list(repository.resolve("locks"))) {
                if (locks.findAny().isPresent()) {
                    return new Held(process);
                }
            }
            Thread.sleep(100);
        }
        process.destroyForcibly();
        throw new IllegalStateException("restic does not lock");
    }

    record Held(Process process) implements AutoCloseable {
        long pid() {
            return process.pid();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            try (OutputStream input = process.getOutputStream()) {
                input.write("what is backed up".getBytes());
            }
            String said = new String(process.getInputStream().readAllBytes());
            assertEquals(0, process.waitFor(), said);
        }
    }
}
