package org.ashlar.guest;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestStopped;
import org.ashlar.api.service.Providers;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.chicory.ChicoryEngine;
import org.ashlar.wasi.Drives;
import org.ashlar.wasi.IoPool;

/** Real guests, and a runtime with a real engine to run them. */
final class Guests {
    static final long MEMORY = 16 << 20;
    private static final Path ROOT = Path.of("../..");
    private static final IoPool FILES = new IoPool(2);
    static final WasmEngine CHICORY = ChicoryEngine.inMemory();

    private Guests() { }

    static byte[] bytes(String path) {
        try {
            return Files.readAllBytes(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] probe() {
        return bytes("itest/probe/probe.wasm");
    }

    static byte[] probeWasi() {
        return bytes("itest/probe/probe-wasi.wasm");
    }

    static ComponentRuntime runtime(WasmEngine... services) {
        Providers<Engine> engines = new Providers<>();
        for (WasmEngine each : services) {
            Engine.of(each, engines, 0, Map.of());
        }
        Surroundings surroundings = new Surroundings(FILES, new Drives(1 << 20, 100), new NodeMemory(1 << 30), MEMORY);
        return new ComponentRuntime(programs(engines, surroundings));
    }

    static Programs programs(Providers<Engine> engines, Surroundings surroundings) {
        return new Programs(engines, new ProgramLoader(GuestRuntimeProvider.linker(), surroundings));
    }

    static GuestProgram load(byte[] component) {
        try {
            return runtime(CHICORY).load(component, Optional.empty());
        } catch (GuestException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs until the host's mail is over. */
    static void runToTheEnd(byte[] component, ScriptedHost host) {
        assertThrows(GuestStopped.class, () -> load(component).run(host));
    }

    /** Has the probe run a script. @return its journal, without the entries that every journal has */
    static List<String> journal(byte[] probe, ScriptedHost host, String script) {
        host.request("!" + script + ";report");
        runToTheEnd(probe, host);
        return Arrays.stream(host.lastResponse().split("\n"))
                .filter(entry -> !entry.startsWith("init ") && !entry.startsWith("request "))
                .toList();
    }
}
