package org.ashlar.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another node, as a process of its own that the command {@code ashlar} starts, with probes on it. Closing it kills it. */
final class Partner implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("ashlar.root")).toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 300;

    private final Path folder;
    private final Path home;

    private Partner(Path folder) {
        this.folder = folder;
        this.home = folder.resolve("home");
    }

    /**
     * Starts it.
     *
     * @param folder where its home is made
     * @param probes names of processes {@code NAME:probe:itest}, which may use the network
     */
    static Partner start(Path folder, String name, List<String> probes) throws Exception {
        Partner partner = new Partner(folder);
        Files.createDirectories(folder.resolve("run"));
        partner.ok("up", "--detach", "--name", name, "--wait", String.valueOf(PATIENCE_SECONDS - 60));
        partner.ok("start", partner.probes(probes).toString(), "--yes");
        return partner;
    }

    private Path probes(List<String> names) throws IOException {
        Path source = folder.resolve("probe");
        Files.createDirectories(source.resolve("pkg"));
        Files.writeString(source.resolve("metadata.json"), """
                {"name": "Probe", "properties": {"package_name": "probe", "publisher": "itest", "current_version": "1.0.0",
                 "mirrors": [], "code_hashes": {}}}
                """);
        Files.writeString(source.resolve("pkg/manifest.json"), names.stream().map("""
                {"process_name": "%s", "process_wasm_path": "/probe.wasm", "on_exit": "Restart", "request_networking": true,
                 "request_capabilities": [], "grant_capabilities": [], "public": true}
                """::formatted).toList().toString());
        Files.copy(ROOT.resolve("itest/probe/probe.wasm"), source.resolve("pkg/probe.wasm"));
        return source;
    }

    /** Runs a command that must succeed. @return what it printed */
    String ok(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("ashlar").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--home", home.toString()));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "XDG_RUNTIME_DIR",
                folder.resolve("run").toString(), "JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1",
                "ASHLAR_BUILD", "never", "ASHLAR_ARCHIVE", "never")); // Maven is at it already
        builder.environment().remove("ASHLAR_HOME");
        Process process = builder.start();
        process.getOutputStream().close();
        String line = "ashlar " + String.join(" ", words);
        assertTrue(line + " ends", process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(line + ": " + Files.readString(err), 0, process.exitValue());
        return Files.readString(out);
    }

    /** Has a probe run a script. @return what it answers */
    String ask(String probe, String script) throws Exception {
        return ok("m", "our@" + probe, script, "-a", String.valueOf(PATIENCE_SECONDS - 60));
    }

    @Override
    public void close() throws Exception {
        Path lock = home.resolve("lock");
        if (Files.exists(lock)) {
            ProcessHandle.of(Long.parseLong(Files.readString(lock).strip()))
                    .filter(node -> node.info().commandLine().orElse("").contains(home.toString())).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
