package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.sqlite.SqliteStateStore;
import org.ashlar.tck.FaultyTarget;
import org.ashlar.tck.MemoryTarget;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is promised of backups, as far as the engine goes: a test each, named after it. The store is a real one. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PromisesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temporary;
    private Path home;
    private SqliteStateStore store;
    private Engine engine;
    private Actions actions;
    private final MemoryTarget first = new MemoryTarget();
    private final MemoryTarget second = new MemoryTarget();

    @BeforeEach
    void begin() throws IOException {
        home = Files.createDirectory(temporary.resolve("home"));
        Files.writeString(home.resolve("VERSION"), "1\n");
        Files.writeString(Files.createDirectory(home.resolve("identity")).resolve("node"), "the key");
        Files.createDirectory(home.resolve("store"));
        store = new SqliteStateStore(home);
        engine = engine(Clock.systemUTC());
    }

    private Engine engine(Clock clock) throws IOException {
        Engine fresh = new Engine(home, () -> "promises", () -> List.of(store), clock, Duration.ofSeconds(1));
        actions = new Actions(fresh, new Configurations(home, null), List.of());
        return fresh;
    }

    @AfterEach
    void end() {
        engine.close();
        store.close();
    }

    private void keep(String key, String value) {
        store.commit(List.of(new Change("test", key, Optional.of(value.getBytes(StandardCharsets.UTF_8)))));
    }

    private String done(Job job) throws Exception {
        Job.Outcome outcome = ended(job);
        assertEquals(Optional.empty(), outcome.problem());
        assertEquals(Optional.empty(), outcome.needs());
        return outcome.text();
    }

    private Job.Outcome ended(Job job) throws Exception {
        while (job.outcome().isEmpty()) {
            Thread.sleep(5);
        }
        return job.outcome().get();
    }

    private Job submit(String action, String arguments) throws Exception {
        return engine.submit(actions.work(action, JSON.readTree(arguments)));
    }

    private void create() throws Exception {
        done(engine.submit(job -> {
            engine.vault().openOrCreate(Optional.of("password".toCharArray()));
            return "";
        }));
    }

    private String line() {
        return Status.of(engine, new Schedule(engine, new Schedule.Settings(Optional.empty(), false, Optional.empty()), home)).line();
    }

    /** A home restored from one target alone, its store opened: what it holds under {@code key}. */
    private Optional<String> restored(BackupTarget target, String name, String key) throws IOException {
        Path fresh = temporary.resolve(name);
        try (Replicas alone = Replicas.of(target);
                Repository repository = Repository.open(alone, "password".toCharArray(), org.ashlar.repository.Options.here(temporary))) {
            HomeRestore.Result result = new HomeRestore(fresh).run(repository, repository.snapshots().getLast().snapshot());
            assertEquals(List.of(), result.problems());
        }
        assertEquals("the key", Files.readString(fresh.resolve("identity/node")));
        assertFalse(Files.exists(temporary.resolve("." + name + ".restoring")));
        return valueIn(fresh, key);
    }

    private static Optional<String> valueIn(Path home, String key) {
        SqliteStateStore back = new SqliteStateStore(home);
        try {
            return back.get("test", key).map(value -> new String(value, StandardCharsets.UTF_8));
        } finally {
            back.close();
        }
    }

    private static FaultyTarget.Faults fails(String message) {
        return new FaultyTarget.Faults() {
            @Override
            public void before(String call, String name) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void promise1and4_oneRunFillsAllTargetsAndEachAloneRestoresTheNode() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
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
    void promise6_nothingIsDeletedWhileATargetIsBehind() throws Exception {
        FaultyTarget away = new FaultyTarget(second, new FaultyTarget.Faults() { });
        engine.targets().attach("first", "", first);
        engine.targets().attach("away", "", away);
        create();
        for (int i = 0; i < 3; i++) {
            keep("a", "value " + i);
            done(submit("Now", "{}"));
        }
        away.set(fails("unplugged"));
        String refused = ended(submit("Forget", "{\"keep\":{\"last\":1}}")).problem().orElse("");
        assertTrue(refused.contains("Nothing is deleted") && refused.contains("unplugged"), refused);
        assertTrue(ended(submit("Prune", "{\"atOnce\":true}")).problem().isPresent());
        away.heal();
        assertTrue(done(submit("Forget", "{\"keep\":{\"last\":1}}")).contains("forgot 2 snapshots"));
        done(submit("Prune", "{\"atOnce\":true}"));
        assertEquals(Optional.of("value 2"), restored(second, "back", "a"));
    }

    @Test
    void promise7_aSnapshotHoldsAllThatWasAcknowledgedBeforeIt() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 500 && !Thread.currentThread().isInterrupted(); i++) {
                keep("x", String.valueOf(i));
                keep("y", String.valueOf(i));
            }
        });
        keep("before", "acknowledged");
        done(submit("Now", "{}"));
        writer.interrupt();
        writer.join();
        assertEquals(Optional.of("acknowledged"), restored(first, "back", "before"));
        int x = Integer.parseInt(valueIn(temporary.resolve("back"), "x").orElse("-1"));
        int y = Integer.parseInt(valueIn(temporary.resolve("back"), "y").orElse("-1"));
        assertTrue(x == y || x == y + 1, "x was " + x + " and y " + y);
    }

    @Test
    void promise10_whatIsSaidToBeProvenWasReadBackAndRestored() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        assertEquals(Optional.empty(), engine.ledger().target("first").verified());
        assertTrue(done(submit("Verify", "{}")).contains("restored to scratch"));
        assertTrue(engine.ledger().target("first").verified().isPresent());
        // One bit of one pack, and it is found.
        String pack = first.place().keySet().stream().filter(name -> name.startsWith("data/")).findFirst().orElseThrow();
        byte[] bytes = first.place().get(pack).clone();
        bytes[bytes.length / 2] ^= 1;
        first.place().put(pack, bytes);
        String wrong = ended(submit("Verify", "{\"all\":true}")).problem().orElse("");
        assertTrue(wrong.contains("error") && wrong.contains("first"), wrong);
    }

    @Test
    void promise10_whatIsDamagedOnOneTargetIsRepairedFromAnother() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
        keep("a", "treasure");
        done(submit("Now", "{}"));
        List<String> packs = first.place().keySet().stream().filter(name -> name.startsWith("data/")).toList();
        first.place().remove(packs.getFirst());
        byte[] bytes = first.place().get(packs.getLast()).clone();
        bytes[0] ^= 1;
        first.place().put(packs.getLast(), bytes);
        assertTrue(done(submit("Verify", "{\"all\":true,\"repair\":true}")).contains("Repaired"));
        assertEquals(Optional.of("treasure"), restored(first, "back", "a"));
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
    void promise11_aRunThatIsUnderWayWhenTheBundleIsReplacedLetsGoAndTheNextOneGoesOn() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        for (int i = 0; i < 200; i++) {
            Files.write(home.resolve("identity/file" + i), new byte[10_000]);
        }
        keep("a", "1");
        Job job = submit("Now", "{}");
        while (!job.progress().contains("stored") && job.outcome().isEmpty()) {
            Thread.onSpinWait();
        }
        engine.close();
        assertEquals(List.of(), first.place().keySet().stream().filter(name -> name.startsWith("locks/")).toList());
        engine = engine(Clock.systemUTC());
        engine.targets().attach("first", "", first);
        done(submit("Now", "{\"password\":\"password\"}"));
        assertEquals(Optional.of("1"), restored(first, "back", "a"));
    }

    @Test
    void promise12_whatIsWrongIsSaidAndNothingIsLost() throws Exception {
        Job.Outcome none = ended(submit("Now", "{}"));
        assertTrue(none.problem().orElse("").contains("ashlar backup add"), none.toString());
        engine.targets().attach("first", "", first);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        Map<String, byte[]> before = Map.copyOf(first.place());

        engine.close();
        engine = engine(Clock.systemUTC());
        engine.targets().attach("first", "", first);
        assertEquals(Optional.of(Job.Password.EXISTING), ended(submit("Now", "{}")).needs());
        assertTrue(ended(submit("Now", "{\"password\":\"wrong\"}")).problem().orElse("").contains("opens none"));
        assertEquals(before.keySet(), first.place().keySet());

        engine.targets().detach(first);
        try (Replicas other = Replicas.of(second)) {
            Repository.create(other, "password".toCharArray(), org.ashlar.repository.Options.here(temporary)).close();
        }
        engine.targets().attach("foreign", "", second);
        assertTrue(ended(submit("Now", "{\"password\":\"password\"}")).problem().orElse("").contains("other backups"));
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
    void promise12_aClockThatWasInTheFutureIsSaidAndNothingIsLost() throws Exception {
        engine.close();
        engine = engine(Clock.offset(Clock.systemUTC(), Duration.ofDays(3650)));
        engine.targets().attach("first", "", first);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        engine.close();
        engine = engine(Clock.systemUTC());
        engine.targets().attach("first", "", first);
        assertTrue(line().contains("lies in the future"), line());
        keep("a", "2");
        done(submit("Now", "{\"password\":\"password\"}"));
        done(submit("Prune", "{}"));
        assertTrue(done(submit("Verify", "{\"all\":true}")).startsWith("in order"));
    }

    @Test
    void aRestoreThatWasCutOffLeavesNoHomeAndTheNextOneIsWhole() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        keep("a", "treasure");
        done(submit("Now", "{}"));
        Files.createDirectories(temporary.resolve(".back.restoring/ashlar/store"));
        Files.writeString(temporary.resolve(".back.restoring/ashlar/store/state.db"), "half");
        assertEquals(Optional.of("treasure"), restored(first, "back", "a"));
        assertThrows(IOException.class, () -> restored(first, "back", "a"), "what is there is left alone");
    }

    @Test
    void aTargetThatLostAFileRestoresNoHomeAndSaysWhat() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        done(submit("Now", "{}"));
        List<String> packs = new ArrayList<>(first.place().keySet().stream().filter(name -> name.startsWith("data/")).toList());
        packs.forEach(first.place()::remove);
        Path fresh = temporary.resolve("back");
        try (Replicas alone = Replicas.of(first);
                Repository repository = Repository.open(alone, "password".toCharArray(), org.ashlar.repository.Options.here(temporary))) {
            HomeRestore.Result result = new HomeRestore(fresh).run(repository, repository.snapshots().getLast().snapshot());
            assertFalse(result.problems().isEmpty());
        }
        assertFalse(Files.exists(fresh));
    }

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
        engine.targets().attach("first", "", first);
        create();
        new Schedule(engine, new Schedule.Settings(Optional.empty(), true, Optional.empty()), home).begin();
        Optional<String> snapshot = next(Optional.empty());
        keep("a", "changed");
        next(snapshot);
        engine.close();
        assertEquals(Optional.of("changed"), restored(first, "back", "a"));
    }

    private Optional<String> next(Optional<String> snapshot) throws InterruptedException {
        while (engine.ledger().target("first").snapshot().equals(snapshot)) {
            Thread.sleep(50);
        }
        return engine.ledger().target("first").snapshot();
    }

    @Test
    void theLedgerMayBeLostOrDamaged() throws Exception {
        Path file = temporary.resolve("ledger.json");
        Ledger ledger = Ledger.read(file);
        ledger.complete("one", "ab", Instant.parse("2026-01-01T00:00:00Z"));
        assertEquals(Optional.of("ab"), Ledger.read(file).target("one").snapshot());
        for (String damaged : List.of("", "{", "[]", "{\"targets\":{\"one\":{\"taken\":\"never\"}}}", "{\"targets\":7}")) {
            Files.writeString(file, damaged);
            assertEquals(Optional.empty(), Ledger.read(file).target("one").snapshot(), damaged);
        }
    }
}
