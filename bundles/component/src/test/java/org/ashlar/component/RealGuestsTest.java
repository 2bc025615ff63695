package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.ashlar.api.wasm.MemoryBudget;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Components that real toolchains made. */
class RealGuestsTest {
    private static final Path ROOT = Path.of("..", "..");

    static List<Path> guests() throws IOException {
        try (Stream<Path> files = Stream.of("sdk", "itest", "packages").map(ROOT::resolve).filter(Files::isDirectory)
                .flatMap(RealGuestsTest::wasmFiles)) {
            return files.sorted().toList();
        }
    }

    static List<Path> echoes() throws IOException {
        return guests().stream().filter(file -> file.getFileName().toString().startsWith("echo")).toList();
    }

    private static Stream<Path> wasmFiles(Path folder) {
        try {
            return Files.walk(folder).filter(file -> file.toString().endsWith(".wasm")
                    && (file.getParent().endsWith("pkg") || file.getParent().endsWith("probe")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ComponentInstance start(Path file, StandInHost host) throws IOException {
        Component component = Component.decode(Files.readAllBytes(file));
        return StandInHost.linkerFor(component.imports()).instantiate(component.compile(TestEngine.CHICORY), host,
                MemoryBudget.of(256 << 20));
    }

    @ParameterizedTest
    @MethodSource("guests")
    void aGuestRunsUntilItAsksForMail(Path file) throws IOException {
        ComponentFunction init = start(file, new StandInHost()).function("init").orElseThrow();
        assertThrows(StandInHost.NoMoreMail.class, () -> init.call("node.os@echo:test:node.os"));
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void anEchoAnswersEachRequestWithItsBody(Path file) throws IOException {
        StandInHost host = new StandInHost();
        for (int i = 0; i < 1000; i++) {
            host.requests.add(("message " + i + " " + "x".repeat(i)).getBytes(StandardCharsets.UTF_8));
        }
        List<byte[]> sent = List.copyOf(host.requests);
        ComponentFunction init = start(file, host).function("init").orElseThrow();
        assertThrows(StandInHost.NoMoreMail.class, () -> init.call("node.os@echo:test:node.os"));
        assertEquals(1000, host.responses.size());
        for (int i = 0; i < 1000; i++) {
            assertArrayEquals(sent.get(i), host.responses.get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void anInstanceThatWasEndedByTheHostCannotBeEnteredAgain(Path file) throws IOException {
        ComponentFunction init = start(file, new StandInHost()).function("init").orElseThrow();
        assertThrows(StandInHost.NoMoreMail.class, () -> init.call("node.os@echo:test:node.os"));
        ComponentTrap trap = assertThrows(ComponentTrap.class, () -> init.call("node.os@echo:test:node.os"));
        assertTrue(trap.getMessage().contains("cannot enter component instance"), trap.getMessage());
    }
}
