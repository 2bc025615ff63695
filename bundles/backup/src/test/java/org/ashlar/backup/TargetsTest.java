package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.tck.FaultyTarget;
import org.junit.jupiter.api.Test;

/** What is promised of several targets: each alone is enough, none holds up the others, and only what was seen counts. */
class TargetsTest extends BackedUpNode {
    @Test
    void promise1and4_oneRunFillsAllTargetsAndEachAloneRestoresTheNode() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        openOrCreate();
        keep("a", "treasure");
        assertTrue(done(submit("Now", "{}")).contains("complete on 2 of 2 targets"));
        assertEquals(Optional.of("treasure"), restored(first, "from-first", "a"));
        assertEquals(Optional.of("treasure"), restored(second, "from-second", "a"));
    }

    @Test
    void promise3_onlyATargetThatHasEverythingCounts() throws Exception {
        FaultyTarget lies = new FaultyTarget(second, new FaultyTarget.Faults() { });
        engine.targets().attach("first", "", first);
        engine.targets().attach("lies", "", lies);
        create();
        assertTrue(line().startsWith("Nothing is backed up yet"), line());
        lies.set(new FaultyTarget.Faults() {
            @Override
            public boolean liesAbout(String name) {
                return name.startsWith("data/");
            }
        });
        keep("a", "1");
        String said = done(submit("Now", "{}"));
        assertTrue(said.contains("complete on 1 of 2 targets") && said.contains("behind"), said);
        assertTrue(line().startsWith("Safe on 1 of 2 targets"), line());
        lies.heal();
        assertTrue(done(submit("Now", "{}")).contains("complete on 2 of 2 targets"));
        assertTrue(line().startsWith("Safe on 2 of 2 targets"), line());
    }

    @Test
    void promise11_aTargetThatGoesIsMissedByNobodyAndOneThatComesIsCaughtUp() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        engine.targets().detach(second);
        keep("a", "2");
        assertTrue(done(submit("Now", "{}")).contains("complete on 1 of 1 target"));
        engine.targets().attach("second", "", second);
        engine.arrived("second");
        done(engine.submit(job -> ""));
        assertEquals(engine.ledger().target("first").snapshot(), engine.ledger().target("second").snapshot());
        assertEquals(Optional.of("2"), restored(second, "back", "a"));
    }

    @Test
    void promise11_aTargetThatStallsInTheMiddleOfARunHoldsUpNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FaultyTarget stalls = new FaultyTarget(second, new FaultyTarget.Faults() { });
        engine.targets().attach("first", "", first);
        engine.targets().attach("stalls", "", stalls);
        create();
        stalls.set(new FaultyTarget.Faults() {
            @Override
            public void before(String call, String name) throws IOException {
                if (name.startsWith("data")) {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
            }
        });
        keep("a", "1");
        String said = done(submit("Now", "{}"));
        assertTrue(said.contains("complete on 1 of 2 targets") && said.contains("stalled"), said);
        never.countDown();
        stalls.heal();
        assertTrue(done(submit("Now", "{}")).contains("complete on 2 of 2 targets"));
    }

    @Test
    void promise12_aFullTargetIsSaidAndTheNextRunGoesOn() throws Exception {
        FaultyTarget fills = new FaultyTarget(first, new FaultyTarget.Faults() { });
        engine.targets().attach("fills", "", fills);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        fills.set(new FaultyTarget.Faults() {
            @Override
            public void before(String call, String name) throws IOException {
                if (call.equals("put")) {
                    throw new IOException("No space left on device");
                }
            }
        });
        keep("a", "2");
        String full = ended(submit("Now", "{}")).problem().orElse("");
        assertTrue(full.contains("No space left"), full);
        fills.heal();
        assertTrue(done(submit("Now", "{}")).contains("complete on 1 of 1 target"));
        assertEquals(Optional.of("2"), restored(first, "back", "a"));
    }

    @Test
    void promise12_aDiskThatIsNotThereIsNotTakenForAnEmptyOne() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
        done(submit("Now", "{}"));
        Map<String, byte[]> disk = Map.copyOf(second.place());
        second.place().clear();
        keep("a", "1");
        String said = done(submit("Now", "{}"));
        assertTrue(said.contains("complete on 1 of 2 targets") && said.contains("is the disk there?"), said);
        assertEquals(Map.of(), second.place());
        second.place().putAll(disk);
        assertTrue(done(submit("Now", "{}")).contains("complete on 2 of 2 targets"));
    }

    @Test
    void whoWaitsForATargetIsToldWhenItIsThereOrIsAnother() throws Exception {
        Targets targets = engine.targets();
        assertEquals(Optional.empty(), targets.await("first", Optional.empty(), Duration.ofMillis(1)));
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<Optional<Targets.Attached>> waits = pool.submit(() -> targets.await("first", Optional.empty(), Duration.ofMinutes(2)));
            targets.attach("first", "", first);
            assertSame(first, waits.get().orElseThrow().target());
            assertEquals(Optional.empty(), targets.await("first", Optional.of(first), Duration.ofMillis(1)));
            waits = pool.submit(() -> targets.await("first", Optional.of(first), Duration.ofMinutes(2)));
            targets.attach("first", "", second);
            assertSame(second, waits.get().orElseThrow().target());
            waits = pool.submit(() -> targets.await("first", Optional.of(second), Duration.ofMinutes(2)));
            targets.detach(second); // the one before comes back
            assertSame(first, waits.get().orElseThrow().target());
        }
    }

    @Test
    void aTargetWithALimitIsFilledLikeAnyOther() throws Exception {
        engine.targets().attach("first", "somewhere", first, OptionalLong.of(100L << 20));
        create();
        keep("a", "treasure");
        assertTrue(done(submit("Now", "{}")).contains("complete on 1 of 1 target"));
        assertEquals(Optional.of("treasure"), restored(first, "back", "a"));
        assertEquals("somewhere, at most 100.0 MiB a second", engine.targets().named("first").orElseThrow().location());
    }

    @Test
    void aLimitIsBytesASecond() throws Exception {
        assertEquals(500 << 10, TargetActions.rate("500K"));
        assertEquals(5 << 20, TargetActions.rate("5m"));
        assertEquals(2L << 30, TargetActions.rate("2G"));
        assertEquals(20_000, TargetActions.rate("20000"));
        for (String wrong : List.of("", "5MB", "-1", "0", "15K", "M", "1.5M", "99999999999G")) {
            IOException refused = assertThrows(IOException.class, () -> TargetActions.rate(wrong), wrong);
            assertTrue(refused.getMessage().contains("at least 16K"), refused.getMessage());
        }
    }

    @Test
    void onePlaceIsOneTargetHoweverOftenItIsNamed() throws Exception {
        kinds.add(new Folders());
        engine.targets().attach("first", "/disk", first, OptionalLong.of(1 << 20));
        create();
        String again = ended(submit("Add", "{\"location\":\"/disk\",\"name\":\"other\"}")).problem().orElse("");
        assertTrue(again.contains("the target first already"), again);
    }

    @Test
    void anotherPasswordIsNotTakenForThatOfANewTarget() throws Exception {
        kinds.add(new Folders());
        engine.targets().attach("first", "/disk", first);
        create();
        String wrong = ended(submit("Add", "{\"location\":\"/other\",\"password\":\"guess\"}")).problem().orElse("");
        assertTrue(wrong.contains("opens none"), wrong);
        assertEquals(1, engine.targets().all().size());
    }

    /** Knows places, and opens none. */
    private static final class Folders implements BackupTargetKind {
        @Override
        public boolean isFor(String location) {
            return true;
        }

        @Override
        public String pid() {
            return "folders";
        }

        @Override
        public Map<String, Object> configuration(String location, Path folder, Map<String, String> options) {
            return Map.of(BackupTarget.LOCATION, location);
        }

        @Override
        public BackupTarget open(Map<String, Object> configuration, Credential credential) {
            throw new AssertionError("refused before");
        }
    }
}
