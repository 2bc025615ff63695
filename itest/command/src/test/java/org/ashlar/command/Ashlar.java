package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The script {@code ashlar} of this source tree, used on one home; closing it ends the node that may run there. */
final class Ashlar implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("ashlar.root")).toAbsolutePath().normalize();
    /** Longest that a node may take to be ready; on a machine that is busy with other things it takes a multiple of the usual. */
    private static final int START_SECONDS = 240;
    /** Longest that anything may take that a test waits for. */
    static final int PATIENCE_SECONDS = START_SECONDS + 60;

    private final Path folder;
    private final Path home;
    /** What its commands begin with. */
    private final List<String> prefix;

    /** @param folder an empty folder for the home and what else the test needs */
    Ashlar(Path folder) throws IOException {
        this(folder, folder.resolve("home"));
    }

    Ashlar(Path folder, Path home) throws IOException {
        this(folder, home, List.of());
    }

    /** @param prefix a command that runs what follows it somewhere else */
    Ashlar(Path folder, Path home, List<String> prefix) throws IOException {
        this.prefix = prefix;
        this.folder = folder.toRealPath();
        this.home = home;
        Files.createDirectories(runtime());
    }

    /** Waits until something is so, at most two minutes. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, () -> what + " within two minutes");
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    Path home() {
        return home;
    }

    private Path runtime() {
        return folder.resolve("run");
    }

    /** Runs a command to its end, its output to files as in a script. */
    Result run(String... words) throws Exception {
        return runWith(environment -> { }, words);
    }

    /** The same with another environment. */
    Result runWith(Consumer<Map<String, String>> change, String... words) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        long started = System.nanoTime();
        ProcessBuilder builder = start(words).redirectOutput(out.toFile()).redirectError(err.toFile());
        change.accept(builder.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "ashlar " + String.join(" ", words) + " ends");
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        return new Result(process.exitValue(), Files.readString(out), withoutNotes(Files.readString(err)), millis);
    }

    /** A command to be started, with the home and an environment of its own. */
    ProcessBuilder start(String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.add(ROOT.resolve("ashlar").toString());
        command.addAll(List.of(words));
        command.addAll(command.indexOf("--") > 0 ? List.of() : List.of("--home", home.toString()));
        if (List.of(words).contains("--detach") && !command.contains("--wait")) {
            command.addAll(List.of("--wait", String.valueOf(START_SECONDS)));
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("XDG_RUNTIME_DIR", runtime().toString());
        environment.put("ASHLAR_BUILD", "never"); // Maven is at it already
        environment.put("ASHLAR_ARCHIVE", "never"); // or one would be recorded beside the tests
        environment.remove("ASHLAR_HOME");
        if (words.length > 0 && words[0].equals("up")) {
            // A node that lives for seconds spends a third of the processors' time on optimising what it does not do again.
            environment.put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        }
        return builder;
    }

    /** Without what the JVM says about the options that the test gave it. */
    private static String withoutNotes(String err) {
        return err.replaceAll("NOTE: Picked up JDK_JAVA_OPTIONS.*\\R", "");
    }

    /** Runs a command that must succeed; its output. */
    String ok(String... words) throws Exception {
        Result result = run(words);
        assertEquals(0, result.status(), "ashlar " + String.join(" ", words) + ": " + result.err());
        return result.out();
    }

    String up() throws Exception {
        return up("itest");
    }

    /** @param options further ones */
    String up(String name, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("up", "--detach", "--name", name));
        words.addAll(List.of(options));
        return ok(words.toArray(String[]::new));
    }

    JsonNode status() throws Exception {
        return new ObjectMapper().readTree(ok("status", "--json"));
    }

    long pid() throws Exception {
        return status().get("pid").longValue();
    }

    /** SIGKILL, at once. */
    void kill() throws Exception {
        ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        awaitFree();
    }

    /** Waits until no node holds the home. Not for the end of its process, which whoever started it may be slow to learn. */
    void awaitFree() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isFree()) {
            assertTrue(System.nanoTime() < end, "the node lets go of " + home);
            Thread.sleep(20);
        }
    }

    private boolean isFree() throws IOException {
        try (FileChannel channel = FileChannel.open(home.resolve("lock"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        }
    }

    /** The control socket of the node that runs. */
    Path socket() throws IOException {
        try (Stream<Path> sockets = Files.list(runtime().resolve("ashlar"))) {
            return sockets.filter(path -> path.toString().endsWith(".sock")).findFirst().orElseThrow();
        }
    }

    /**
     * Installs the probe under each of {@code names}: processes {@code NAME:probe:itest}, which keep state, restart, and may
     * use the network.
     */
    void startProbes(List<String> names) throws Exception {
        Path source = folder.resolve("probe");
        Files.createDirectories(source.resolve("pkg"));
        Files.writeString(source.resolve("metadata.json"), """
                {"name": "Probe", "properties": {"package_name": "probe", "publisher": "itest", "current_version": "1.0.0",
                 "mirrors": [], "code_hashes": {}}}
                """);
        List<String> entries = names.stream().map("""
                {"process_name": "%s", "process_wasm_path": "/probe.wasm", "on_exit": "Restart", "request_networking": true,
                 "request_capabilities": [], "grant_capabilities": [], "public": true}
                """::formatted).toList();
        Files.writeString(source.resolve("pkg/manifest.json"), entries.toString());
        Path wasm = source.resolve("pkg/probe.wasm");
        Files.deleteIfExists(wasm);
        Files.copy(ROOT.resolve("itest/probe/probe.wasm"), wasm);
        ok("start", source.toString(), "--yes");
    }

    /** On a machine that is busy with other things a node may take longer to stop than a person is asked to wait. */
    @Override
    public void close() throws Exception {
        Result down = run("down");
        if (down.err().contains("has not stopped after")) {
            awaitFree();
        } else {
            assertTrue(down.status() == 0 || down.status() == 3, down.err());
        }
    }

    /** How a command ended. */
    record Result(int status, String out, String err, long millis) {
        /** Checks the exit status, and that there is exactly one line for a person. */
        Result refused(int expected) {
            assertEquals(expected, status, err);
            assertEquals("", out);
            assertEquals(1, err.lines().count(), err);
            assertTrue(err.startsWith("ashlar: "), err);
            return this;
        }
    }
}
