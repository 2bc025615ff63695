package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.tck.FaultyTarget;
import org.ashlar.tck.MemoryTarget;
import org.junit.jupiter.api.Test;

/** What is promised of several targets: all get the same, none learns anything, none holds up the others. */
class ReplicasTest extends TwoTargets {
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
    void targetsAreCaughtUpTogetherWithOneLockAndEachIsListedOnceForEachKind() throws IOException {
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        FaultyTarget counted = new FaultyTarget(first, new FaultyTarget.Faults() {
            @Override
            public void before(String call, String name) {
                calls.merge(call + ' ' + name.replaceAll("/.*", ""), 1, Integer::sum);
            }
        });
        try (Replicas replicas = Replicas.of(counted, second); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, Sample.tree(temporary.resolve("tree"), 1, 20));
            second.place().keySet().removeIf(name -> name.startsWith("data/"));
            calls.clear();
            assertTrue(new CatchUp(repository).runAll().values().stream().allMatch(CatchUp.Outcome::isComplete));
            assertEquals(2, calls.get("list data"), "once, and once more because the other was brought something");
            calls.clear();
            assertTrue(new CatchUp(repository).runAll().values().stream().allMatch(CatchUp.Outcome::isComplete));
            assertEquals(1, calls.get("list data"));
            assertEquals(1, calls.get("put locks"));
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
    void promise11_aTargetThatIsTakenAwayInTheMiddleOfAPutHoldsUpNobody() throws Exception {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        FaultyTarget goes = new FaultyTarget(neverClosed(second), new FaultyTarget.Faults() { });
        try (Replicas replicas = new Replicas(Duration.ofHours(1))) {
            replicas.add("good", first);
            DeadlineTarget patient = new DeadlineTarget(goes, Duration.ofHours(1));
            replicas.add("goes", patient);
            try (Repository repository = Sample.create(replicas, temporary)) {
                goes.set(new FaultyTarget.Faults() {
                    @Override
                    public void before(String call, String name) throws IOException {
                        if (call.equals("put") && name.startsWith("data/")) {
                            reached.countDown();
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        }
                    }
                });
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        reached.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    patient.close();
                    replicas.remove("goes");
                });
                Sample.backup(repository, tree);
                assertEquals(0, reached.getCount());
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
                goes.heal();
                release.countDown();
                while (second.place().keySet().stream().noneMatch(name -> name.startsWith("data/"))) {
                    Thread.sleep(10); // what was held back comes through
                }
                replicas.add("goes", goes);
                new CatchUp(repository).run("goes");
                assertEquals(List.of(), new Check(repository).readingData().run().errors(), "the memory of what was held back was not used again meanwhile");
            }
        }
    }

    private static BackupTarget neverClosed(BackupTarget target) {
        return (BackupTarget) Proxy.newProxyInstance(BackupTarget.class.getClassLoader(), new Class<?>[] {BackupTarget.class},
                (proxy, method, arguments) -> method.getName().equals("close") ? null : method.invoke(target, arguments));
    }
}
