package org.ashlar.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.ashlar.api.wasm.WasmInterrupted;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.component.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real guests see a whole, small world. Their sources and the script that builds them are in {@code src/test/guests}. */
@Timeout(120)
class GuestsTest {
    private static final String EVERYTHING = "src/test/guests/everything.wasm";
    private static final String POSIX = "src/test/guests/posix.wasm";

    @TempDir
    private Path folder;
    private final IoPool pool = new IoPool(2);
    private final TailBuffer stderr = new TailBuffer(TailBuffer.CRASH_REPORT);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void every_function_of_wasi_links_with_its_types() {
        try (WasiContext wasi = WasiContext.builder().build()) {
            TestGuest.instance(EVERYTHING, wasi);
        }
    }

    @Test
    void an_ordinary_c_program_finds_files_time_and_the_rest_as_posix_says() throws IOException {
        Object result;
        try (WasiContext wasi = context().build()) {
            result = run(wasi);
            assertEquals(0, wasi.openFiles().size());
        }
        assertEquals(Result.success(), result);
        assertEquals("all is well in " + folder + "\n", stderr.text());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("greeting")), left.toList());
        }
        assertEquals("Hey", Files.readString(folder.resolve("greeting")));
    }

    @Test
    void a_program_that_fails_says_why_and_exits_with_a_status() {
        try (WasiContext wasi = WasiContext.builder().stderr(stderr).build()) {
            WasiExit exit = assertThrows(WasiExit.class, () -> run(wasi));
            assertFalse(exit.success());
            assertTrue(stderr.text().startsWith("posix.c:"), stderr.text());
        }
    }

    @Test
    void a_program_may_flood_standard_error_and_its_last_words_are_kept() {
        try (WasiContext wasi = context().arguments(List.of("posix", "spam")).build()) {
            assertThrows(WasmTrap.class, () -> run(wasi));
            assertEquals(TailBuffer.CRASH_REPORT, stderr.bytes().length);
            assertTrue(stderr.text().endsWith("line 19998\nline 19999\n"), stderr.text());
        }
    }

    @Test
    void a_program_that_sleeps_is_stopped_at_once() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        try (WasiContext wasi = context().arguments(List.of("posix", "sleep")).build()) {
            Thread guest = Thread.ofVirtual().start(() -> {
                try {
                    run(wasi);
                    end.completeExceptionally(new AssertionError("slept a day"));
                } catch (Throwable e) {
                    end.complete(e);
                }
            });
            while (guest.getState() != Thread.State.TIMED_WAITING) {
                Thread.sleep(1);
            }
            guest.interrupt();
            assertInstanceOf(WasmInterrupted.class, end.get(5, TimeUnit.SECONDS));
        }
    }

    private WasiContext.Builder context() {
        return WasiContext.builder().environment("TEMP_DIR", folder.toString())
                .preopen(folder.toString(), Drive.of(folder, 1 << 20, 100)).fileExecutor(pool).stderr(stderr);
    }

    private static Object run(WasiContext wasi) {
        return TestGuest.instance(POSIX, wasi).function("wasi:cli/run", "run").orElseThrow().call();
    }
}
