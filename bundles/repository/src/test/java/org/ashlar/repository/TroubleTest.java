package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.tck.FaultyTarget;
import org.ashlar.tck.MemoryTarget;
import org.junit.jupiter.api.Test;

/** What is promised of runs that end early, wrong places and full ones. */
class TroubleTest extends TwoTargets {
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
}
