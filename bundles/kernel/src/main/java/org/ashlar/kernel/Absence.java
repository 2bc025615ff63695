package org.ashlar.kernel;

import java.time.Duration;
import java.util.Optional;

/** How long a guest is away that gives way: until its next run has come to its first receive. Guarded by its slot's monitor. */
final class Absence {
    private static final long PRESENT = Long.MIN_VALUE;

    private long since = PRESENT;
    private Optional<Duration> last = Optional.empty();

    void begin(long now) {
        since = now;
    }

    /** It is back. @return false when it was not away */
    boolean end(long now) {
        boolean away = isNow();
        if (away) {
            last = Optional.of(Duration.ofNanos(now - since));
            since = PRESENT;
        }
        return away;
    }

    boolean isNow() {
        return since != PRESENT;
    }

    /** How long it was, when it last ended. */
    Optional<Duration> last() {
        return last;
    }
}
