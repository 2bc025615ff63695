package org.ashlar.kernel;

import java.time.Instant;

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
}
