package org.ashlar.backup.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ashlar.repository.Backup;
import org.ashlar.repository.Check;
import org.ashlar.repository.FileSource;
import org.ashlar.repository.Forget;
import org.ashlar.repository.Id;
import org.ashlar.repository.Options;
import org.ashlar.repository.Prune;
import org.ashlar.repository.RepairIndex;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.RepositoryException;
import org.ashlar.repository.Restore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The format is the public one: a stock restic and this library use one repository, and find what the other wrote. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResticTest {
    /** Small files: a hundred thousand, in a soak two million. */
    private static final int MANY = Integer.getInteger("ashlar.backup.files", 100_000);

    @TempDir(cleanup = CleanupMode.ALWAYS)
    Path temporary;
    private Path folder;
    private Restic restic;
    private Replicas replicas;

    @BeforeEach
    void require() throws IOException {
        Restic.require();
        folder = temporary.resolve("repository");
        restic = new Restic(folder, temporary.resolve("cache"));
        replicas = Replicas.of(new LocalTarget(folder));
    }

    @AfterEach
    void close() {
        if (replicas != null) {
            replicas.close();
        }
    }

    private Options options() {
        return Options.here(temporary).withCost(Options.PasswordCost.NONE);
    }

    private Repository create() throws IOException {
        return Repository.create(replicas, Restic.PASSWORD.toCharArray(), options());
    }

    private Repository open() throws IOException {
        return Repository.open(replicas, Restic.PASSWORD.toCharArray(), options());
    }

    private static Backup.Result backup(Repository repository, Path path) throws IOException {
        Backup.Result result = new Backup(repository, FileSource.of(List.of(path), excluded -> false), List.of(path.toString())).run();
        assertEquals(List.of(), result.problems());
        return result;
    }

    private static void assertSame(Path expected, Path actual) throws IOException {
        assertEquals(String.join("\n", lines(expected)), String.join("\n", lines(actual)));
    }

    private static List<String> lines(Path root) throws IOException {
        return FileTree.describe(root).entrySet().stream().map(entry -> entry.getKey() + "  " + entry.getValue()).toList();
    }

    @Test
    void resticListsChecksAndRestoresWhatWeWrote() throws Exception {
        Path tree = FileTree.odd(temporary.resolve("tree"));
        try (Repository repository = create()) {
            Backup.Result result = backup(repository, tree);
            assertTrue(restic.run("snapshots").contains(result.snapshot().brief()));
        }
        assertTrue(restic.run("ls", "latest").contains("日本語"));
        assertTrue(restic.run("check", "--read-data").contains("no errors were found"));
        restic.run("restore", "latest", "--target", temporary.resolve("back").toString());
        assertSame(tree, temporary.resolve("back" + tree));
    }

    @Test
    void weCheckAndRestoreWhatResticWrote() throws Exception {
        Path tree = FileTree.odd(temporary.resolve("tree"));
        restic.run("init", "--repository-version", "2");
        restic.run("backup", tree.toString());
        try (Repository repository = open()) {
            assertEquals(List.of(), new Check(repository).readingData().run().errors());
            Restore.Result result = new Restore(repository, repository.snapshots().getLast().snapshot()).to(temporary.resolve("back"));
            assertEquals(List.of(), result.problems());
        }
        assertSame(tree, temporary.resolve("back" + tree));
    }

    @Test
    void bothTakeTurnsAndFindWhatTheOtherStored() throws Exception {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        FileTree.file(tree.resolve("large"), 1, 30_000_000);
        FileTree.text(tree.resolve("text"), 1, 2_000_000);
        try (Repository repository = create()) {
            backup(repository, tree);
        }
        long before = size();
        assertTrue(restic.run("backup", tree.toString(), "--force").contains("Added to the repo"));
        assertTrue(size() - before < 100_000, "restic cuts and names chunks as we do: it added " + (size() - before) + " bytes");
        FileTree.file(tree.resolve("more"), 2, 10_000_000);
        restic.run("backup", tree.toString());
        before = size();
        Path copy = Files.createDirectory(temporary.resolve("copy"));
        Files.copy(tree.resolve("more"), copy.resolve("more"));
        try (Repository repository = open()) {
            backup(repository, copy);
            assertTrue(size() - before < 100_000, "we find restic's chunks: we added " + (size() - before) + " bytes");
            Files.delete(tree.resolve("large"));
            backup(repository, tree);
            new Forget(repository).run(new Forget.Policy(1, 0, 0, 0, 0, 0, ZoneOffset.UTC));
            assertTrue(new Prune(repository, Duration.ofDays(7)).run().marked() > 0);
        }
        restic.run("check", "--read-data");
        try (Repository repository = open()) {
            backup(repository, tree);
            assertTrue(Prune.atOnce(repository).run().deleted() > 0);
            assertTrue(size() < 25_000_000, "the large file is gone");
        }
        restic.run("check", "--read-data");
        restic.run("forget", "--keep-last", "1", "--prune");
        restic.run("rebuild-index");
        try (Repository repository = open()) {
            assertEquals(List.of(), new Check(repository).readingData().run().errors());
            new Restore(repository, repository.snapshots().getLast().snapshot()).to(temporary.resolve("back"));
        }
        restic.run("restore", "latest", "--path", tree.toString(), "--target", temporary.resolve("back2").toString());
        assertSame(tree, temporary.resolve("back2" + tree));
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void aLostIndexIsMadeAnewForBoth() throws Exception {
        Path tree = FileTree.odd(temporary.resolve("tree"));
        try (Repository repository = create()) {
            backup(repository, tree);
        }
        try (Stream<Path> files = Files.list(folder.resolve("index"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        try (Repository repository = open()) {
            assertFalse(new Check(repository).run().isWhole());
            assertTrue(new RepairIndex(repository).run().found() > 0);
            assertEquals(List.of(), new Check(repository).readingData().run().errors());
        }
        restic.run("check", "--read-data");
    }

    @Test
    void passwordsOpenTheRepositoryForBoth() throws Exception {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        FileTree.text(tree.resolve("text"), 1, 2_000);
        try (Repository repository = Repository.create(replicas, "first".toCharArray(), options())) {
            backup(repository, tree);
            Id first = repository.keyOf("first".toCharArray());
            repository.addPassword(Restic.PASSWORD.toCharArray());
            repository.removePassword(first);
        }
        restic.run("check");
        Path second = Files.writeString(temporary.resolve("second"), "second");
        restic.run("key", "add", "--new-password-file", second.toString());
        try (Repository repository = Repository.open(replicas, "second".toCharArray(), options())) {
            assertEquals(2, repository.keys().size());
        }
    }

    @Test
    void resticRespectsOurLocksAndWeItsOwn() throws Exception {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        FileTree.text(tree.resolve("text"), 1, 2_000);
        Path other = Files.createDirectory(temporary.resolve("other"));
        FileTree.text(other.resolve("text"), 2, 2_000);
        try (Repository repository = create()) {
            List<Restic.Outcome> outcomes = new ArrayList<>();
            new Backup(repository, FileSource.of(List.of(tree), excluded -> false), List.of(tree.toString())).watched(progress -> {
                try {
                    if (outcomes.isEmpty()) {
                        outcomes.add(restic.outcome(tree, "prune"));
                        outcomes.add(restic.outcome(tree, "backup", other.toString()));
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }).run();
            assertTrue(outcomes.get(0).said().contains("already locked"), outcomes.get(0).said());
            assertEquals(0, outcomes.get(1).status(), outcomes.get(1).said());

            try (Restic.Held held = restic.hold()) {
                RepositoryException refused = assertThrows(RepositoryException.class,
                        () -> new Forget(repository).run(List.of(repository.snapshots().getFirst().id())));
                assertTrue(refused.getMessage().contains("process " + held.pid()), refused.getMessage());
                backup(repository, other);
            }
            repository.removeStaleLocks();
        }
        try (Stream<Path> locks = Files.list(folder.resolve("locks"))) {
            assertEquals(List.of(), locks.toList(), "no lock stays");
        }
        restic.run("check", "--read-data");
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manySmallFilesComeBackFromBoth() throws Exception {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        for (int i = 0; i < MANY; i++) {
            Path below = tree.resolve("f" + i % 300);
            if (i < 300) {
                Files.createDirectory(below);
            }
            Files.writeString(below.resolve("file " + i), "content " + i);
        }
        Thread.sleep(3000); // what changed a moment before the first backup is read by the second
        try (Repository repository = create()) {
            assertEquals(MANY, backup(repository, tree).files());
            Backup.Result again = backup(repository, tree);
            assertEquals(MANY, again.unchanged());
            assertTrue(again.stored() < 10_000, "only the folders above it have changed, but " + again.stored() + " bytes were stored");
            Restore.Result result = new Restore(repository, repository.snapshots().getLast().snapshot()).to(temporary.resolve("back"));
            assertEquals(MANY, result.files());
        }
        assertSame(tree, temporary.resolve("back" + tree));
        restic.run("check", "--read-data");
    }
}
