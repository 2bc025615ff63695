package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;

/** Repositories and trees of files for tests. */
final class Sample {
    static final char[] PASSWORD = "correct horse battery".toCharArray();

    private Sample() { }

    /** Small packs, so that a small tree makes several. */
    static Options options(Path scratch) {
        return Options.here(scratch).withCost(Options.PasswordCost.NONE).withPackSize(1 << 16).withWorkers(2);
    }

    static Repository create(Replicas replicas, Path scratch) throws IOException {
        return Repository.create(replicas, PASSWORD, options(scratch));
    }

    static Repository open(Replicas replicas, Path scratch) throws IOException {
        return Repository.open(replicas, PASSWORD, options(scratch));
    }

    static Repository open(Replicas replicas, Path scratch, Clock clock) throws IOException {
        return Repository.open(replicas, PASSWORD, options(scratch).withClock(clock));
    }

    static Path tree(Path root, int seed, int files) throws IOException {
        Files.createDirectories(root.resolve("folder"));
        for (int i = 0; i < files; i++) {
            write(root.resolve(i % 2 == 0 ? "folder" : ".").resolve("file " + seed + " " + i), seed * 1000 + i, 20_000);
        }
        return root;
    }

    static void write(Path file, int seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Files.write(file, bytes);
    }

    static Backup.Result backup(Repository repository, Path path) throws IOException {
        return new Backup(repository, FileSource.of(List.of(path), excluded -> false), List.of(path.toString())).run();
    }

    static Restore.Result restoreLast(Repository repository, Path to) throws IOException {
        return new Restore(repository, repository.snapshots().getLast().snapshot()).to(to);
    }

    /** Whether two trees have the same names and content. */
    static boolean isSame(Path expected, Path actual) throws IOException {
        try (var paths = Files.walk(expected)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path other = actual.resolve(expected.relativize(path));
                if (!Files.exists(other) || Files.mismatch(path, other) >= 0) {
                    return false;
                }
            }
        }
        try (var left = Files.walk(expected); var right = Files.walk(actual)) {
            return left.count() == right.count();
        }
    }
}
