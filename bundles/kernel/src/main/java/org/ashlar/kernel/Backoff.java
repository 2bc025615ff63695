package org.ashlar.kernel;

import java.time.Duration;

/**
 * How long a process that ended waits before it starts again (reference-kernel 4.8, Hyperdrive's constants): 2, 4, 8 …
 * seconds up to ten minutes while it keeps failing; not at all after a run that was long beside the last wait.
 */
final class Backoff {
    private static final long BASE_SECONDS = 1;
    private static final long MAX_SECONDS = 600;
    private static final long HEALTHY_FACTOR = 5;
    private static final long HEALTHY_MAX_SECONDS = 3_000;

    private int attempts = 1;
    private long current = BASE_SECONDS;

    /** @param uptime how long the run that ended lasted @return how long to wait now */
    Duration ended(Duration uptime) {
        long healthy = Math.min(HEALTHY_FACTOR * current, HEALTHY_MAX_SECONDS);
        if (uptime.toSeconds() >= healthy) {
            attempts = 1;
            current = BASE_SECONDS;
            return Duration.ZERO;
        }
        attempts++;
        current = Math.min(1L << Math.min(attempts - 1, 30), MAX_SECONDS);
        return Duration.ofSeconds(current);
    }
}
