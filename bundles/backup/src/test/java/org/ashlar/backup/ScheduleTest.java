package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
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
    void whateverIsKeptIsWatchedAndScratchDrivesAreNot() throws Exception {
        Path drives = Files.createDirectories(home.resolve("vfs/photos:alice.os"));
        Files.createDirectories(home.resolve("vfs/.staging"));
        Files.createDirectories(drives.resolve("tmp"));
        Files.createDirectories(drives.resolve("albums"));
        long before = new ChangeWatch(home).print();
        Files.createFile(drives.resolve("tmp/scratch"));
        Files.createFile(home.resolve("vfs/.staging/half"));
        assertEquals(before, new ChangeWatch(home).print());
        for (String kept : List.of("tmp/", "tmp/letter", ".new/", ".new/letter", "snapshot.db", "a-shm", "empty/")) {
            Path path = drives.resolve("albums/" + kept);
            if (kept.endsWith("/")) {
                Files.createDirectory(path);
            } else {
                Files.createFile(path);
            }
            long after = new ChangeWatch(home).print();
            assertTrue(after != before, kept);
            before = after;
        }
    }

    @Test
    void aClockThatWasWrongOnceHoldsUpNoBackup() throws Exception {
        AtomicReference<Duration> later = new AtomicReference<>(Duration.ofDays(3000));
        engine.close();
        engine = engine(laterBy(later));
        engine.targets().attach("first", "", first);
        create();
        new Schedule(engine, new Schedule.Settings(Optional.of(Duration.ofMinutes(1)), false, Optional.empty()), home).begin(Duration.ofMillis(20));
        next(Optional.empty());
        done(engine.submit(job -> "")); // the run is over, and the pause after it has begun
        long before = snapshots();
        later.set(Duration.ZERO);
        while (snapshots() == before) {
            Thread.sleep(20);
        }
    }

    private long snapshots() {
        return first.place().keySet().stream().filter(name -> name.startsWith("snapshots/")).count();
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
