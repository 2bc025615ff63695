package org.ashlar.durability;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.opentest4j.AssertionFailedError;

/** How long tests wait for what must come; nothing is ever asserted about how long it took. */
final class Patience {
    /** Longest wait for anything: a machine may be busy with other things. */
    static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long LOOK_MILLIS = 20;

    private Patience() { }

    /** Looks at {@code condition} until it holds. @param what names it, for the failure */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionFailedError("not within " + LIMIT.toSeconds() + " s: " + what);
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
