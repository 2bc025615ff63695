package org.ashlar.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.ashlar.api.message.Blob;
import org.ashlar.api.process.GuestException.Phase;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.GuestStopped;
import org.ashlar.api.service.Providers;
import org.ashlar.chicory.ChicoryEngine;
import org.ashlar.tck.CoreModule;
import org.ashlar.wasi.Drives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loading guests, running them, and the ways in which they end. */
class ProgramTest {
    private final ScriptedHost host = new ScriptedHost();

    @ParameterizedTest
    @ValueSource(strings = {"sdk/c/examples/echo/pkg/echo.wasm", "itest/probe/echo-hyperware.wasm",
        "sdk/assemblyscript/examples/echo/pkg/echo.wasm", "sdk/javascript/examples/echo/pkg/echo.wasm"})
    void anEchoInEachLanguageAndWorldAnswers(String path) {
        host.blob = Optional.of(Blob.of(new byte[] {1, 2, 3}));
        for (int i = 0; i < 20; i++) {
            host.request("hello " + i);
        }
        Guests.runToTheEnd(Guests.bytes(path), host);
        assertEquals(20, host.responses.size());
        assertEquals("hello 19", host.lastResponse());
    }

    // --- endings

    @Test
    void aGuestThatReturnsHasEndedWell() {
        host.request("!exit");
        assertDoesNotThrow(() -> Guests.load(Guests.probe()).run(host));
    }

    @Test
    void aTrapIsReportedInTheWordsOfTheSpecification() {
        assertEquals("it trapped: unreachable", failure(Guests.probe(), "trap").getMessage());
        assertEquals("it trapped: call stack exhausted", failure(Guests.probe(), "recurse").getMessage());
    }

    @Test
    void aPanicBringsWhatItWroteToStandardError() {
        GuestException e = failure(Guests.probeWasi(), "panic text=oops%FF");
        assertEquals(Phase.TRAP, e.phase());
        assertTrue(e.output().contains("oops\uFFFD"), e.output());
    }

    @Test
    void onlyTheEndOfStandardErrorIsKept() {
        GuestException e = failure(Guests.probeWasi(), "stderr lines=2000 width=50;trap");
        assertEquals(5000, e.output().getBytes(UTF_8).length);
        assertTrue(e.output().contains("line 2000"), e.output());
    }

    @Test
    void anInterruptEndsAnEndlessLoopWithinASecond() throws Exception {
        host.request("!spin");
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread guest = Thread.ofVirtual().start(() -> end.complete(
                assertThrows(Throwable.class, () -> Guests.load(Guests.probe()).run(host))));
        while (!host.mail.isEmpty() && !end.isDone()) {
            Thread.sleep(10);
        }
        Thread.sleep(100);
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> {
            guest.interrupt();
            guest.join();
        });
        assertEquals(GuestStopped.class, end.join().getClass());
    }

    @Test
    void aRehearsalIsSeenByNobodyAndEndsBeforeTheGuestDoesAnything() throws Exception {
        NodeMemory memory = new NodeMemory(1 << 30);
        Providers<Engine> engines = new Providers<>();
        Engine.of(Guests.CHICORY, engines, 0, Map.of());
        for (byte[] component : List.of(Guests.probe(), Guests.probeWasi())) {
            GuestProgram program = Guests.programs(engines, new Surroundings(Runnable::run, new Drives(0, 0), memory, Guests.MEMORY))
                    .load(component, Optional.empty());
            program.rehearse(host.our());
            assertEquals(0, memory.taken(), "it has given back what it had");
            assertThrows(GuestStopped.class, () -> program.run(host), "it runs as ever");
        }
    }

    @Test
    void memoryGrowsToTheLimitAndNoFurther() {
        List<String> journal = Guests.journal(Guests.probe(), host, "grow");
        int pages = Integer.parseInt(journal.getFirst().replace("grown pages=", ""));
        assertTrue(pages > 200 && pages < Guests.MEMORY / 65536, pages + " pages");
    }

    @Test
    void aGuestWhoseMemoryDoesNotFitIsNotStarted() throws Exception {
        Surroundings tight = new Surroundings(Runnable::run, new Drives(0, 0), new NodeMemory(1 << 30), 1024);
        Providers<Engine> engines = new Providers<>();
        Engine.of(Guests.CHICORY, engines, 0, Map.of());
        GuestProgram program = Guests.programs(engines, tight).load(Guests.probe(), Optional.empty());
        GuestException e = assertThrows(GuestException.class, () -> program.run(host));
        assertEquals(Phase.START, e.phase());
        assertOneLine(e);
    }

    @Test
    void whereAllHaveWhatTheyMayHaveTogetherAGuestGetsNoMoreAndIsTold() throws Exception {
        NodeMemory memory = new NodeMemory(2 << 20);
        Providers<Engine> engines = new Providers<>();
        Engine.of(Guests.CHICORY, engines, 0, Map.of());
        GuestProgram program = Guests.programs(engines, new Surroundings(Runnable::run, new Drives(0, 0), memory, Guests.MEMORY))
                .load(Guests.probe(), Optional.empty());
        host.request("!grow;report");
        assertThrows(GuestStopped.class, () -> program.run(host), "it goes on");
        String grown = host.lastResponse().lines().filter(line -> line.startsWith("grown ")).findFirst().orElseThrow();
        int pages = Integer.parseInt(grown.replace("grown pages=", ""));
        assertTrue(pages > 4 && pages < 32, grown);
        assertEquals(List.of("0 no more memory: the guests of this node have the 2097152 bytes that they may have together"
                + " (memory.total in the configuration, docs/limits.md)"), host.printed);
        assertEquals(0, memory.taken(), "it has given back what it had");
    }

    // --- WASI

    @Test
    void theScratchDriveIsTheOnlyThingAGuestSees(@TempDir Path folder) throws Exception {
        host.scratch = Optional.of(folder);
        List<String> journal = Guests.journal(Guests.probeWasi(), host,
                "environment;arguments;preopens;write-file path=a.txt text=hello;read-file path=a.txt size=10");
        assertTrue(journal.contains("environment count=1"), journal.toString());
        assertTrue(journal.contains("variable name=TEMP_DIR value=" + folder), journal.toString());
        assertTrue(journal.contains("arguments count=0"), journal.toString());
        assertTrue(journal.contains("preopens count=1 path=" + folder), journal.toString());
        assertEquals("hello", Files.readString(folder.resolve("a.txt")));
        assertEquals(List.of("tcp-error step=create error=1"), Guests.journal(Guests.probeWasi(), host, "tcp-connect port=9"));
    }

    @Test
    void withoutAScratchDriveAGuestRunsAllTheSame() {
        assertEquals(List.of("environment count=0"), Guests.journal(Guests.probeWasi(), host, "environment"));
    }

    // --- loading

    @Test
    void whatIsNoComponentOfTheWorldIsInvalidInOneLine() {
        byte[] probe = Guests.probe();
        assertInvalid("no valid component", new byte[0]);
        assertInvalid("no valid component", "hello".getBytes(UTF_8));
        assertInvalid("wasm-tools component new", new CoreModule().bytes());
        assertInvalid("no valid component", Arrays.copyOf(probe, probe.length / 2));
        byte[] emptyComponent = {0, 'a', 's', 'm', 0x0D, 0, 1, 0};
        assertInvalid("init", emptyComponent);
    }

    @Test
    void anImportThatNobodyOffersIsNamed() {
        byte[] stranger = replaced(Guests.bytes("sdk/c/examples/echo/pkg/echo.wasm"), "kinode:process", "custom:process");
        assertInvalid("custom:process/standard@1.0.0", stranger);
    }

    @Test
    void aWorldOfOtherTypesIsRefused() {
        byte[] other = replaced(Guests.bytes("sdk/c/examples/echo/pkg/echo.wasm"), "package-name", "package-kind");
        assertInvalid("another function", other);
    }

    @Test
    void theSameBytesGiveTheSameProgramOnOneEngine() throws Exception {
        GuestRuntime runtime = Guests.runtime(Guests.CHICORY);
        GuestProgram program = runtime.load(Guests.probe(), Optional.empty());
        assertSame(program, runtime.load(Guests.probe(), Optional.empty()));
        assertEquals("chicory", program.runtime());
        assertNotSame(program, Guests.runtime(ChicoryEngine.inMemory()).load(Guests.probe(), Optional.empty()));
    }

    @Test
    void withoutAnEngineLoadingSaysWhatToDo() {
        GuestException e = assertThrows(GuestException.class, () -> Guests.runtime().load(Guests.probe(), Optional.empty()));
        assertEquals(Phase.ABSENT, e.phase());
        assertTrue(e.getMessage().contains("deploy"), e.getMessage());
    }

    private GuestException failure(byte[] probe, String script) {
        host.request("!" + script);
        GuestException e = assertThrows(GuestException.class, () -> Guests.load(probe).run(host));
        assertOneLine(e);
        return e;
    }

    private static void assertInvalid(String expected, byte[] bytes) {
        GuestException e = assertThrows(GuestException.class, () -> Guests.runtime(Guests.CHICORY).load(bytes, Optional.empty()));
        assertEquals(Phase.INVALID, e.phase());
        assertOneLine(e);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    private static void assertOneLine(GuestException e) {
        assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"), e.getMessage());
    }

    /** The component with one name in it changed into another of the same length. */
    private static byte[] replaced(byte[] component, String from, String to) {
        String text = new String(component, ISO_8859_1);
        assertTrue(text.contains(from));
        return text.replace(from, to).getBytes(ISO_8859_1);
    }
}
