package org.ashlar.senders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class CrewTest {
    private static final int MOST = 3;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Crew crew = new Crew("crew-test-", MOST);

    /** Senders that wait for each end, some after a pause in which threads watch, sleep, or are about to. */
    @Test
    void everyJobIsDoneOnceByNoMoreThreadsThanItHas() throws Exception {
        int senders = 6;
        int jobs = 2_000;
        AtomicIntegerArray done = new AtomicIntegerArray(senders * jobs);
        AtomicInteger working = new AtomicInteger();
        AtomicInteger mostWorking = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int sender = 0; sender < senders; sender++) {
            int first = sender * jobs;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < jobs; i++) {
                    int job = first + i;
                    CompletableFuture.runAsync(() -> {
                        mostWorking.accumulateAndGet(working.incrementAndGet(), Math::max);
                        done.incrementAndGet(job);
                        working.decrementAndGet();
                    }, crew).join();
                    LockSupport.parkNanos(i % 8 == 0 ? 2 * Crew.WATCH_NANOS * (job % 3) : 0);
                }
            }));
        }
        for (Thread each : threads) {
            each.join();
        }
        for (int i = 0; i < done.length(); i++) {
            assertEquals(1, done.get(i));
        }
        assertTrue(mostWorking.get() <= MOST);
        assertTrue(crew.close(PATIENCE));
    }

    @Test
    void whatWaitsWhenItClosesIsDoneAndNothingMoreTaken() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 5 * MOST; i++) {
            crew.execute(() -> {
                await(closing);
                done.incrementAndGet();
            });
        }
        assertFalse(crew.close(0));
        assertThrows(RejectedExecutionException.class, () -> crew.execute(done::incrementAndGet));
        closing.countDown();
        assertTrue(crew.close(PATIENCE));
        assertEquals(5 * MOST, done.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itEndsThoughAllAreAsleep() throws Exception {
        CompletableFuture.runAsync(() -> { }, crew).join();
        assertTrue(crew.close(PATIENCE));
    }

    @Test
    void whatComesTooLateIsWatchedForEverLessOften() {
        Patience patience = new Patience(true);
        int watched = 0;
        for (int i = 0; i < 10_000; i++) {
            if (patience.hasNow()) {
                watched++;
                patience.cameOf(false);
            }
        }
        // 1, 2, 4 … 256 left out, then 256 each time.
        assertEquals(9 + (10_000 - 9 - 255) / 257, watched, 1);
        while (!patience.hasNow()) {
            watched++;
        }
        patience.cameOf(true);
        assertTrue(patience.hasNow());
        assertFalse(new Patience(false).hasNow());
    }
}
