package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Backups that nobody asks for. */
class ScheduleTest extends BackedUpNode {
    @Test
    void aBackupIsNoChangeAndWhatAProcessKeepsIsOne() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        long before = new ChangeWatch(home).print();
        done(submit("Now", "{}"));
        assertEquals(before, new ChangeWatch(home).print(), "or continuous backups would follow each other for ever");
        keep("a", "2");
        assertTrue(new ChangeWatch(home).print() != before);
    }

    @Test
    void inContinuousModeAChangeIsBackedUpByItself() throws Exception {
        AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
        engine.close();
        engine = engine(laterBy(later));
        engine.targets().attach("first", "", first);
        create();
        new Schedule(engine, new Schedule.Settings(Optional.empty(), true, Optional.empty()), home).begin(Duration.ofMillis(20));
        Optional<String> snapshot = next(Optional.empty());
        keep("a", "changed");
        done(engine.submit(job -> "")); // the run is over, and the pause after it has begun
        assertEquals(snapshot, engine.ledger().target("first").snapshot());
        later.set(Duration.ofHours(1));
        next(snapshot);
        engine.close();
        assertEquals(Optional.of("changed"), restored(first, "back", "a"));
    }

    private Optional<String> next(Optional<String> snapshot) throws InterruptedException {
        while (engine.ledger().target("first").snapshot().equals(snapshot)) {
            Thread.sleep(20);
        }
        return engine.ledger().target("first").snapshot();
    }

    private static Clock laterBy(AtomicReference<Duration> time) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return Instant.now().plus(time.get());
            }
        };
    }
}
