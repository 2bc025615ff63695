package org.ashlar.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.opentest4j.AssertionFailedError;

/** How long tests wait for what must come, and how they wait for what announces itself by nothing. */
final class Patience {
    /** Longest wait for anything. */
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 10;
    private static final Duration AT_ONCE = Duration.ofMillis(800);
    private static final int TRIES = 5;

    private Patience() { }

    /** Looks at {@code condition} until it holds. @param what names it, for the failure */
    static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    static void until(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionFailedError("not within " + LIMIT.toSeconds() + " s: " + what.get());
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionFailedError("interrupted while waiting: " + what.get(), e);
            }
        }
    }

    /**
     * Checks that {@code work}, which may be done again, is done well within a second: on a busy machine not every time, but
     * once in a few.
     */
    static void atOnce(Runnable work) {
        Duration shortest = taken(work);
        for (int again = 0; again < TRIES && shortest.compareTo(AT_ONCE) >= 0; again++) {
            Duration next = taken(work);
            shortest = next.compareTo(shortest) < 0 ? next : shortest;
        }
        assertTrue(shortest.compareTo(AT_ONCE) < 0, "took " + shortest + " at least");
    }

    /** How long {@code work} takes. */
    static Duration taken(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
