package org.ashlar.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The system's clock, which can be made to jump ahead. */
final class TestClock implements NodeClock {
    private final AtomicLong ahead = new AtomicLong();

    void pass(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return SYSTEM.nanos() + ahead.get();
    }

    @Override
    public Instant now() {
        return SYSTEM.now().plusNanos(ahead.get());
    }
}
