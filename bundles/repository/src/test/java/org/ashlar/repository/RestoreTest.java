package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.tck.FaultyTarget;
import org.junit.jupiter.api.Test;

/** How a restore reads and writes; that it brings back what was there is shown in many other tests. */
class RestoreTest extends TwoTargets {
    @Test
    void eachPackIsReadOnceThoughItsFilesLieApart() throws IOException {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        AtomicInteger reads = new AtomicInteger();
        FaultyTarget counted = new FaultyTarget(first, new FaultyTarget.Faults() {
            @Override
            public void before(String what, String name) {
                if (what.equals("get") && name.startsWith("data/")) {
                    reads.incrementAndGet();
                }
            }
        });
        try (Replicas replicas = Replicas.of(counted)) {
            Sample.create(replicas, temporary).close();
            try (Repository repository = Repository.open(replicas, Sample.PASSWORD, Sample.options(temporary).withPackSize(4 << 20))) {
                for (int pack = 0; pack < 3; pack++) {
                    for (int i = pack; i < 60; i += 3) {
                        Sample.write(tree.resolve("file " + i), i, 20_000);
                    }
                    Sample.backup(repository, tree);
                }
                reads.set(0);
                assertEquals(60, Sample.restoreLast(repository, temporary.resolve("back")).files());
            }
        }
        assertTrue(Sample.isSame(tree, temporary.resolve("back").resolve(tree.getRoot().relativize(tree))));
        int folders = tree.getNameCount() + 1; // each is read on the way in and, for its times, on the way out
        assertTrue(reads.get() <= 3 + 2 * folders, reads + " reads for 3 packs and " + folders + " folders");
    }

    @Test
    void filesOfSeveralChunksComeBackWithoutRoomForOpenOnes() throws IOException {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        byte[] shared = new byte[3_000_000];
        new Random(5).nextBytes(shared);
        for (int i = 0; i < 4; i++) {
            try (OutputStream out = Files.newOutputStream(tree.resolve("file " + i))) {
                out.write(shared);
                out.write(new byte[1_500_000 + i]);
                out.write(shared, i, 1_000_000);
                out.write(new byte[300_000]);
            }
        }
        Files.createFile(tree.resolve("empty"));
        Files.write(tree.resolve("zeros"), new byte[100_000]);
        try (Replicas replicas = Replicas.of(first); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
            for (int room : new int[] {0, 1, FileWrite.OPEN}) {
                Path back = temporary.resolve("back " + room);
                Restore restore = new Restore(repository, repository.snapshots().getLast().snapshot()).durably();
                restore.room.acquireUninterruptibly(FileWrite.OPEN - room);
                Restore.Result result = restore.to(back);
                assertEquals(0, result.failed(), () -> String.join("\n", result.problems()));
                assertTrue(Sample.isSame(tree, back.resolve(tree.getRoot().relativize(tree))));
                assertEquals(room, restore.room.availablePermits());
            }
        }
    }

    @Test
    void whatHasTheNameStaysUntilWhatComesBackIsWhole() throws IOException {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        Sample.write(tree.resolve("letter"), 1, 20_000);
        Files.createLink(tree.resolve("other name"), tree.resolve("letter"));
        Files.createSymbolicLink(tree.resolve("shortcut"), Path.of("letter"));
        Files.createFile(tree.resolve("folder"));
        Path back = temporary.resolve("back");
        Path there = Files.createDirectories(back.resolve(tree.getRoot().relativize(tree)));
        for (String name : List.of("letter", "other name", "shortcut")) {
            Files.writeString(there.resolve(name), "the only copy");
        }
        Files.createFile(Files.createDirectory(there.resolve("folder")).resolve("file"));
        try (Replicas replicas = Replicas.of(first); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
            Map<String, byte[]> all = Map.copyOf(first.place());
            BlobIndex.Entry chunk = repository.index().find(BlobType.DATA, Id.of(Files.readAllBytes(tree.resolve("letter")))).orElseThrow();
            first.place().remove(FileKind.PACK.path(chunk.pack()));
            Restore.Result lost = Sample.restoreLast(repository, back);
            assertEquals(3, lost.failed(), () -> String.join("\n", lost.problems())); // both names of the letter, and what a folder is in the way of
            for (String name : List.of("letter", "other name")) {
                assertEquals("the only copy", Files.readString(there.resolve(name)));
            }
            first.place().putAll(all);
            assertEquals(1, Sample.restoreLast(repository, back).failed());
            assertEquals(1, Sample.restoreLast(repository, back).failed(), "a second time it is the same");
        }
        Files.delete(there.resolve("folder/file"));
        Files.delete(there.resolve("folder"));
        Files.createFile(there.resolve("folder"));
        assertTrue(Sample.isSame(tree, there), "and nothing else is left there");
        assertTrue(Files.isSymbolicLink(there.resolve("shortcut")) && Files.isSameFile(there.resolve("letter"), there.resolve("other name")));
    }
}
