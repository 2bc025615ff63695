package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ashlar.launcher.Client;

/** A node on a home of its own, started, used and ended through the real {@code ashlar} command. Closing it kills it. */
final class NodeUnderTest implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("ashlar.root")).toAbsolutePath().normalize();

    private final Path folder;
    private final Path home;

    /** @param folder for what the tests need beside the home */
    NodeUnderTest(Path folder, Path home) throws IOException {
        this.folder = folder.toRealPath();
        this.home = home;
        Files.createDirectories(this.folder.resolve("run"));
    }

    Path home() {
        return home;
    }

    /** How a command ended. */
    record Ended(int status, String out, String err) { }

    /** Runs a command to its end. */
    Ended run(String... words) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = command(List.of(), words).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        assertTrue(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS), "ashlar " + String.join(" ", words) + " ends");
        return new Ended(process.exitValue(), Files.readString(out), withoutNotes(Files.readString(err)));
    }

    /** Without what the JVM says about the options that the test gave it. */
    private static String withoutNotes(String err) {
        return err.replaceAll("NOTE: Picked up JDK_JAVA_OPTIONS.*\\R", "");
    }

    /** Runs a command that must succeed. @return what it printed */
    String ok(String... words) throws IOException, InterruptedException {
        Ended ended = run(words);
        assertEquals(0, ended.status(), "ashlar " + String.join(" ", words) + " said: " + ended.err());
        return ended.out();
    }

    /** A command to be started. @param under a program that runs it, with its arguments */
    ProcessBuilder command(List<String> under, String... words) {
        List<String> command = new ArrayList<>(under);
        command.add(ROOT.resolve("ashlar").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("--home", home.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment());
        if (words[0].equals("up")) {
            // A node that lives for seconds spends a third of the processors' time on optimising what it does not do again.
            builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        }
        builder.environment().remove("ASHLAR_HOME");
        return builder;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
        environment.put("ASHLAR_BUILD", "never"); // Maven is at it already
        environment.put("ASHLAR_ARCHIVE", "never"); // or one would be recorded beside the tests
        return environment;
    }

    /** Sends a script to a probe. @return what it responded */
    String ask(String process, String script) throws IOException, InterruptedException {
        return ok("m", "our@" + process, script, "-a", String.valueOf(Patience.LIMIT.toSeconds()));
    }

    Client client() {
        return new Client(home, environment());
    }

    /** Starts it. */
    void up() throws IOException, InterruptedException {
        ok("up", "--detach", "--name", "tester", "--wait", String.valueOf(Patience.LIMIT.toSeconds() - 30));
    }

    /** SIGKILL, at once. */
    void kill() throws IOException, InterruptedException {
        String ofThisHome = home.toString();
        ProcessHandle.of(pid()).filter(node -> node.info().commandLine().orElse("").contains(ofThisHome))
                .ifPresent(ProcessHandle::destroyForcibly);
        Patience.until("the killed node lets go of its home", this::isFree);
    }

    /** The process that locked the home last. */
    long pid() throws IOException {
        return Long.parseLong(Files.readString(lock()).strip());
    }

    private boolean isFree() {
        try (FileChannel channel = FileChannel.open(lock(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path lock() {
        return home.resolve("lock");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (Files.exists(lock()) && !isFree()) {
            kill();
        }
    }
}
