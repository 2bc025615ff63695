package org.ashlar.net;

import java.time.Instant;

/** Time, as the network sees it. */
interface NetClock {
    NetClock SYSTEM = new NetClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    };

    /** For what lasts; only differences count. */
    long nanos();

    /** For what others see. */
    Instant now();
}
