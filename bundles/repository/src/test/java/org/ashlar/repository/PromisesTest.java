package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.tck.FaultyTarget;
import org.ashlar.tck.MemoryTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is promised of backups, as far as the format and its targets go: a test each, named after it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PromisesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path temporary;
    private final MemoryTarget first = new MemoryTarget();
    private final MemoryTarget second = new MemoryTarget();

    private static FaultyTarget.Faults failing(String call) {
        return new FaultyTarget.Faults() {
            @Override
            public void before(String what, String name) throws IOException {
                if (what.equals(call)) {
                    throw new IOException("the cable is out");
                }
            }
        };
    }

    private static Set<String> names(MemoryTarget target) {
        Set<String> names = new HashSet<>(target.place().keySet());
        names.removeIf(name -> name.startsWith("locks/"));
        return names;
    }

    private static void assertSameObjects(MemoryTarget expected, MemoryTarget actual) {
        assertEquals(names(expected), names(actual));
        for (String name : names(expected)) {
            assertEquals(new String(expected.place().get(name), StandardCharsets.ISO_8859_1),
                    new String(actual.place().get(name), StandardCharsets.ISO_8859_1), name);
        }
    }

    @Test
    void promise1_oneRunAndAnyNumberOfTargetsGetTheSameSealedFiles() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        try (Replicas replicas = Replicas.of(first, second); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
        }
        assertSameObjects(first, second);
        MemoryTarget third = new MemoryTarget();
        try (Replicas replicas = Replicas.of(first, second)) {
            replicas.add("third", third);
            try (Repository repository = Sample.open(replicas, temporary)) {
                assertFalse(new CatchUp(repository).gap("third").isNone());
                new CatchUp(repository).run("third");
                assertTrue(new CatchUp(repository).gap("third").isNone());
            }
        }
        assertSameObjects(first, third);
    }

    @Test
    void promise2_aTargetLearnsNeitherNamesNorContent() throws IOException {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        Files.writeString(tree.resolve("secretname"), "secretcontent ".repeat(1000));
        try (Replicas replicas = Replicas.of(first); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
        }
        for (Map.Entry<String, byte[]> object : first.place().entrySet()) {
            String text = object.getKey() + new String(object.getValue(), StandardCharsets.ISO_8859_1);
            assertFalse(text.contains("secret"), object.getKey());
        }
    }

    @Test
    void promise3_aTargetThatLiedOrFailedIsNotCountedAsComplete() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        FaultyTarget lies = new FaultyTarget(second, new FaultyTarget.Faults() {
            @Override
            public boolean liesAbout(String name) {
                return name.startsWith("data/");
            }
        });
        try (Replicas replicas = Replicas.of(first, lies); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
            assertEquals(Optional.empty(), replicas.status().get(1).behind(), "it said that it had stored all");
            assertFalse(new CatchUp(repository).gap("target-2").isNone());
            lies.heal();
            new CatchUp(repository).run("target-2");
            assertTrue(new CatchUp(repository).gap("target-2").isNone());
        }
        assertSameObjects(first, second);
    }

    @Test
    void promise4_anyOneTargetRestoresEverythingAndDamageOnOneIsRepairedFromAnother() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        try (Replicas replicas = Replicas.of(first, second); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
        }
        for (MemoryTarget target : List.of(first, second)) {
            try (Replicas alone = Replicas.of(target); Repository repository = Sample.open(alone, temporary)) {
                Path back = temporary.resolve("back" + (target == first));
                assertEquals(List.of(), Sample.restoreLast(repository, back).problems());
                assertTrue(Sample.isSame(tree, back.resolve(tree.toString().substring(1))));
            }
        }
        // Every other pack damaged on one target, all the rest on the other.
        int turn = 0;
        for (String name : first.place().keySet().stream().filter(name -> name.startsWith("data/")).toList()) {
            ConcurrentMap<String, byte[]> place = turn++ % 2 == 0 ? first.place() : second.place();
            byte[] bytes = place.get(name).clone();
            bytes[bytes.length / 2] ^= 1;
            place.put(name, bytes);
        }
        assertTrue(turn > 2, "packs: " + turn);
        try (Replicas replicas = Replicas.of(first, second); Repository repository = Sample.open(replicas, temporary)) {
            Path back = temporary.resolve("back");
            assertEquals(List.of(), Sample.restoreLast(repository, back).problems());
            assertTrue(Sample.isSame(tree, back.resolve(tree.toString().substring(1))));
            assertEquals(turn, new Check(repository).readingData().run().count());
            new CatchUp(repository).repair("target-1");
            new CatchUp(repository).repair("target-2");
            assertEquals(List.of(), new Check(repository).readingData().run().errors());
        }
    }

    @Test
    void promise5_aRunThatEndsAtAnyWriteHarmsNothingAndIsResumed() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        try (Replicas replicas = Replicas.of(first); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
        }
        Sample.tree(tree, 2, 20);
        boolean completed = false;
        for (int writes = 1; !completed; writes++) {
            MemoryTarget place = new MemoryTarget(new ConcurrentSkipListMap<>(first.place()));
            AtomicInteger left = new AtomicInteger(writes);
            FaultyTarget dies = new FaultyTarget(place, new FaultyTarget.Faults() {
                @Override
                public void before(String call, String name) throws IOException {
                    if ((call.equals("put") || call.equals("delete")) && left.getAndDecrement() <= 0) {
                        throw new IOException("killed");
                    }
                }
            });
            try (Replicas replicas = Replicas.of(dies); Repository repository = Sample.open(replicas, temporary)) {
                Sample.backup(repository, tree);
                completed = true;
            } catch (IOException e) {
                assertTrue(left.get() < 0, e.toString());
            }
            place.place().keySet().removeIf(name -> name.startsWith("locks/")); // that of a process that is gone
            long stored = place.place().keySet().stream().filter(name -> name.startsWith("data/")).count();
            try (Replicas replicas = Replicas.of(place); Repository repository = Sample.open(replicas, temporary)) {
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
                Sample.backup(repository, tree);
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
                Path back = temporary.resolve("back" + writes);
                Sample.restoreLast(repository, back);
                assertTrue(Sample.isSame(tree, back.resolve(tree.toString().substring(1))));
            }
            assertTrue(place.place().keySet().stream().filter(name -> name.startsWith("data/")).count() >= stored, "nothing is rolled back");
        }
    }

    @Test
    void promise6_cleanUpWaitsForALaterSnapshotAndTheGracePeriod() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        Clock start = Clock.fixed(NOW, ZoneOffset.UTC);
        Duration grace = Duration.ofDays(7);
        try (Replicas replicas = Replicas.of(first)) {
            Sample.create(replicas, temporary).close();
            try (Repository repository = Sample.open(replicas, temporary, start)) {
                Sample.backup(repository, tree);
                for (String name : tree.toFile().list()) {
                    if (name.startsWith("file")) {
                        Files.delete(tree.resolve(name));
                    }
                }
                Sample.backup(repository, tree);
                new Forget(repository).run(new Forget.Policy(1, 0, 0, 0, 0, 0, ZoneOffset.UTC));
            }
            Set<String> before = names(first);
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofMinutes(1)))) {
                Prune.Result marked = new Prune(repository, grace).run();
                assertTrue(marked.marked() > 0);
                assertEquals(0, marked.deleted());
            }
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofDays(8)))) {
                assertEquals(0, new Prune(repository, grace).run().deleted(), "no snapshot since");
            }
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofDays(2)))) {
                Sample.backup(repository, tree);
                assertEquals(0, new Prune(repository, grace).run().deleted(), "the grace period is not over");
            }
            assertTrue(names(first).containsAll(before.stream().filter(name -> name.startsWith("data/")).toList()));
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofDays(9)))) {
                assertTrue(new Prune(repository, grace).run().deleted() > 0);
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
                Sample.restoreLast(repository, temporary.resolve("back"));
            }
        }
        assertTrue(Sample.isSame(tree, temporary.resolve("back").resolve(tree.toString().substring(1))));
    }

    @Test
    void promise6_cleanUpStopsWhenSomethingIsMissing() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        try (Replicas replicas = Replicas.of(first); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
            String pack = first.place().keySet().stream().filter(name -> name.startsWith("data/")).findFirst().orElseThrow();
            first.place().remove(pack);
            Set<String> before = names(first);
            RepositoryException refused = assertThrows(RepositoryException.class, () -> Prune.atOnce(repository).run());
            assertTrue(refused.getMessage().contains("Nothing is cleaned up"), refused.getMessage());
            assertEquals(before, names(first));
        }
    }

    @Test
    void promise9_theIndexTakesLessThanTwelveBytesABlob() throws IOException {
        try (BlobIndex index = new BlobIndex(temporary)) {
            byte[] bytes = new byte[Id.BYTES];
            java.util.Random random = new java.util.Random(1);
            int blobs = 1_000_000;
            for (int pack = 0; pack < blobs / 1000; pack++) {
                List<PackedBlob> content = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    random.nextBytes(bytes);
                    content.add(new PackedBlob(BlobType.DATA, Id.read(bytes, 0), i * 100, 100, 0));
                }
                random.nextBytes(bytes);
                index.add(Id.read(bytes, 0), content);
            }
            assertEquals(blobs, index.blobCount());
            assertTrue(index.memory() < 12L * blobs, index.memory() + " bytes for " + blobs + " blobs");
            assertTrue(index.has(BlobType.DATA, Id.read(bytes, 0)) || index.hasPack(Id.read(bytes, 0)));
        }
    }

    @Test
    void promise11_aTargetThatFailsOrComesInTheMiddleOfARunIsCaughtUp() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 40);
        FaultyTarget leaves = new FaultyTarget(second, new FaultyTarget.Faults() { });
        MemoryTarget late = new MemoryTarget();
        try (Replicas replicas = Replicas.of(first, leaves); Repository repository = Sample.create(replicas, temporary)) {
            AtomicInteger files = new AtomicInteger();
            new Backup(repository, FileSource.of(List.of(tree), excluded -> false), List.of(tree.toString())).watched(progress -> {
                if (files.incrementAndGet() == 20) {
                    leaves.set(failing("put"));
                    replicas.add("late", late);
                }
            }).run();
            assertTrue(replicas.status().get(1).behind().orElse("").contains("cable"), replicas.status().toString());
            assertFalse(new CatchUp(repository).gap("target-2").isNone());
            leaves.heal();
            new CatchUp(repository).run("target-2");
            new CatchUp(repository).run("late");
            assertEquals(Optional.empty(), replicas.status().get(1).behind());
        }
        assertSameObjects(first, second);
        assertSameObjects(first, late);
    }

    @Test
    void promise11_aTargetThatStallsHoldsUpNobody() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        CountDownLatch never = new CountDownLatch(1);
        FaultyTarget stalls = new FaultyTarget(second, new FaultyTarget.Faults() { });
        try (Replicas replicas = new Replicas()) {
            replicas.add("good", first);
            replicas.add("stalls", new DeadlineTarget(stalls, Duration.ofMillis(300)));
            try (Repository repository = Sample.create(replicas, temporary)) {
                stalls.set(new FaultyTarget.Faults() {
                    @Override
                    public void before(String call, String name) throws IOException {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                });
                Sample.backup(repository, tree);
                assertTrue(replicas.status().get(1).behind().orElse("").contains("stalled"), replicas.status().toString());
                assertEquals(List.of(), new Check(repository).run().errors());
                never.countDown();
                stalls.heal();
                new CatchUp(repository).run("stalls");
                assertTrue(new CatchUp(repository).gap("stalls").isNone());
            }
        }
    }

    @Test
    void promise12_aWrongPasswordAForeignPlaceAndADamagedFileAreSaidClearlyAndChangeNothing() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 10);
        try (Replicas replicas = Replicas.of(first)) {
            try (Repository repository = Sample.create(replicas, temporary)) {
                Sample.backup(repository, tree);
            }
            Set<String> before = names(first);
            RepositoryException wrong = assertThrows(RepositoryException.class,
                    () -> Repository.open(replicas, "guess".toCharArray(), Sample.options(temporary)));
            assertTrue(wrong.getMessage().contains("password opens none"), wrong.getMessage());
            assertThrows(RepositoryException.class, () -> Sample.create(replicas, temporary));
            assertEquals(before, names(first));
        }
        try (Replicas replicas = Replicas.of(second); Repository other = Sample.create(replicas, temporary)) {
            Set<String> before = names(first);
            replicas.add("foreign", first);
            RepositoryException foreign = assertThrows(RepositoryException.class, () -> new CatchUp(other).run("foreign"));
            assertTrue(foreign.getMessage().contains("another repository"), foreign.getMessage());
            assertEquals(before, names(first));
        }
        MemoryTarget empty = new MemoryTarget();
        try (Replicas replicas = Replicas.of(empty)) {
            RepositoryException none = assertThrows(RepositoryException.class, () -> Sample.open(replicas, temporary));
            assertTrue(none.getMessage().contains("no repository"), none.getMessage());
            assertEquals(Set.of(), names(empty));
        }
    }

    @Test
    void promise12_aFullTargetFailsTheRunAndLosesNothing() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 10);
        FaultyTarget fills = new FaultyTarget(first, new FaultyTarget.Faults() { });
        try (Replicas replicas = Replicas.of(fills)) {
            try (Repository repository = Sample.create(replicas, temporary)) {
                Sample.backup(repository, tree);
            }
            try (Repository repository = Sample.open(replicas, temporary)) {
                Sample.tree(tree, 2, 40);
                fills.set(new FaultyTarget.Faults() {
                    @Override
                    public void before(String call, String name) throws IOException {
                        if (call.equals("put") && name.startsWith("data/")) {
                            throw new IOException("No space left on device");
                        }
                    }
                });
                IOException full = assertThrows(IOException.class, () -> Sample.backup(repository, tree));
                assertTrue(full.getMessage().contains("No space left"), full.getMessage());
                fills.heal();
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
            }
        }
    }

    @Test
    void promise12_aClockInTheFutureDeletesNothingThatIsUsed() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        Clock future = Clock.fixed(Instant.parse("2099-01-01T00:00:00Z"), ZoneOffset.UTC);
        try (Replicas replicas = Replicas.of(first)) {
            Sample.create(replicas, temporary).close();
            try (Repository repository = Sample.open(replicas, temporary, future)) {
                Sample.backup(repository, tree);
                new Prune(repository, Duration.ofDays(7)).run();
            }
            try (Repository repository = Sample.open(replicas, temporary)) {
                Sample.backup(repository, tree);
                new Prune(repository, Duration.ofDays(7)).run();
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
                Sample.restoreLast(repository, temporary.resolve("back"));
            }
        }
        assertTrue(Sample.isSame(tree, temporary.resolve("back").resolve(tree.toString().substring(1))));
    }
}
