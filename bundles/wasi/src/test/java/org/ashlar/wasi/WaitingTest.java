package org.ashlar.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.ashlar.api.process.GuestStopped;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.wasm.WasmInterrupted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest waits for time and for files, and can be stopped while it does. */
@Timeout(30)
class WaitingTest {
    private static final long FOREVER = Duration.ofDays(1).toNanos();

    @TempDir
    private Path folder;

    @Test
    void a_sleep_takes_as_long_as_was_asked() {
        Clocks clocks = WasiContext.builder().build().clocks();
        long start = System.nanoTime();
        assertEquals(List.of(0), clocks.poll(List.of(Pollable.after(clocks.monotonic(), 50_000_000))));
        long slept = System.nanoTime() - start;
        assertTrue(slept >= 50_000_000, "slept " + slept);
    }

    @Test
    void poll_names_all_that_are_ready_and_does_not_wait_for_the_others() {
        Clocks clocks = WasiContext.builder().build().clocks();
        Pollable later = Pollable.after(clocks.monotonic(), FOREVER);
        assertEquals(List.of(1, 3), clocks.poll(List.of(later, Pollable.ready(), later, Pollable.ready())));
        assertFalse(clocks.ready(later));
        assertTrue(clocks.ready(Pollable.at(0)));
    }

    @Test
    void a_point_in_time_beyond_all_time_never_comes_and_none_wraps_around() {
        Clocks clocks = WasiContext.builder().build().clocks();
        assertFalse(clocks.ready(Pollable.at(-1)));
        assertFalse(clocks.ready(Pollable.after(clocks.monotonic(), -1)));
        assertFalse(clocks.ready(Pollable.after(clocks.monotonic(), Long.MAX_VALUE)));
    }

    @Test
    void waiting_for_nothing_or_for_too_much_ends_the_guest() {
        Clocks clocks = WasiContext.builder().build().clocks();
        assertThrows(GuestTrap.class, () -> clocks.poll(List.of()));
        assertThrows(GuestTrap.class, () -> clocks.poll(Collections.nCopies(Limits.POLL + 1, Pollable.ready())));
        assertEquals(Limits.POLL, clocks.poll(Collections.nCopies(Limits.POLL, Pollable.ready())).size());
    }

    @Test
    void a_clock_of_the_embedder_decides_how_long_a_sleep_is() {
        AtomicLong now = new AtomicLong(100);
        WasiContext wasi = WasiContext.builder().monotonicClock(now::get).parker(now::addAndGet).build();
        assertEquals(List.of(0), wasi.clocks().poll(List.of(Pollable.after(100, FOREVER))));
        assertEquals(100 + FOREVER, now.get());
    }

    @Test
    void an_interrupt_ends_a_sleep_at_once() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread guest = sleeper(WasiContext.builder().build(), end);
        guest.interrupt();
        assertInstanceOf(WasmInterrupted.class, end.get(5, TimeUnit.SECONDS));
    }

    @Test
    void a_stop_ends_a_sleep_at_once_and_is_what_the_embedder_gets() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Parker parker = nanos -> {
            LockSupport.parkNanos(nanos);
            if (stop.get()) {
                throw new GuestStopped("engine replaced");
            }
        };
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread guest = sleeper(WasiContext.builder().parker(parker).build(), end);
        stop.set(true);
        LockSupport.unpark(guest);
        assertInstanceOf(GuestStopped.class, end.get(5, TimeUnit.SECONDS));
    }

    private static Thread sleeper(WasiContext wasi, CompletableFuture<Throwable> end) throws InterruptedException {
        Thread guest = Thread.ofVirtual().start(() -> {
            try {
                wasi.clocks().poll(List.of(Pollable.after(wasi.clocks().monotonic(), FOREVER)));
                end.completeExceptionally(new AssertionError("slept a day"));
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        while (guest.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        return guest;
    }

    @Test
    void file_work_runs_on_platform_threads_while_the_guest_is_virtual() throws Exception {
        CompletableFuture<Boolean> workIsVirtual = new CompletableFuture<>();
        try (IoPool pool = new IoPool(1)) {
            Blocking blocking = new Blocking(pool, Parker.interruptible());
            Thread.ofVirtual().start(() -> {
                try {
                    workIsVirtual.complete(blocking.call(() -> Thread.currentThread().isVirtual()));
                } catch (FileError e) {
                    workIsVirtual.completeExceptionally(e);
                }
            });
            assertFalse(workIsVirtual.get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void a_guest_stopped_while_a_file_opens_leaves_nothing_open() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        CompletableFuture<Optional<ErrorCode>> late = new CompletableFuture<>();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        try (GuestFiles files = new GuestFiles(folder)) {
            Thread guest = Thread.ofVirtual().start(() -> {
                try {
                    files.wasi.blocking().call(() -> {
                        opening.countDown();
                        awaitQuietly(stopped);
                        late.complete(files.failure(() -> files.top.open("file",
                                new OpenRequest(true, GuestFiles.CREATE, GuestFiles.WRITE), files.wasi.openFiles())));
                        return true;
                    });
                } catch (Throwable e) {
                    end.complete(e);
                }
            });
            opening.await();
            guest.interrupt();
            assertInstanceOf(WasmInterrupted.class, end.get(5, TimeUnit.SECONDS));
            files.wasi.close();
            stopped.countDown();
            assertEquals(Optional.of(ErrorCode.BAD_DESCRIPTOR), late.get(5, TimeUnit.SECONDS));
            assertEquals(0, files.wasi.openFiles().size());
        }
    }

    @Test
    void a_pool_that_takes_no_more_work_makes_files_busy() {
        Blocking blocking = new Blocking(_ -> {
            throw new RejectedExecutionException();
        }, Parker.interruptible());
        FileError error = assertThrows(FileError.class, () -> blocking.call(() -> true));
        assertEquals(ErrorCode.BUSY, error.code());
    }

    @Test
    void a_fault_in_file_work_reaches_the_guests_thread() {
        try (IoPool pool = new IoPool(1)) {
            Blocking blocking = new Blocking(pool, Parker.interruptible());
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThrows(StackOverflowError.class,
                    () -> blocking.call(() -> {
                        throw new StackOverflowError();
                    })));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
