package org.ashlar.kernel;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The time as the kernel sees it; a simulation gives its own. */
interface NodeClock {
    NodeClock SYSTEM = new NodeClock() {
        private final long origin = System.nanoTime();

        @Override
        public long nanos() {
            return System.nanoTime() - origin;
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    };

    /** Nanoseconds since the node came up; never negative, never goes back: for durations. */
    long nanos();

    /** The wall clock: for people. */
    Instant now();

    /** Has the calling thread wait for {@code nanos} or less, or until it is unparked. */
    default void park(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }

    /**
     * Waits until {@code condition} holds, at most {@code nanos}; whoever makes it hold notifies {@code monitor}.
     *
     * @return whether it does
     */
    default boolean await(Object monitor, BooleanSupplier condition, long nanos) {
        return Waiting.until(monitor, condition, nanos);
    }
}
