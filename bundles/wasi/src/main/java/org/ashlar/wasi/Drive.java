package org.ashlar.wasi;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import org.ashlar.wasi.Quota.Use;

/**
 * A folder of the host that is open to guests, and only what is in it. All instances that see the folder share one such
 * object (see {@link Drives}): it counts what they store together, and does one thing that concerns names at a time, so that
 * a path is still what it was found to be when it is used.
 * <p>
 * How no path leads out: a path is walked name by name from the folder's real path, {@code ..} and links are resolved here
 * and may not go above the directory they started from, and what the host then gets has no link in it. Between this check
 * and the use of the path no other guest can act, because of the lock. Others that rename things in the folder at that very
 * moment cannot make a guest's link lead out either: guests can only make links that go downwards (no {@code ..}, not
 * absolute), wherever they are moved. Who may put other links into the folder, such as the node's owner, is trusted not to
 * swap directories for them while a guest runs. Thread-safe.
 */
public final class Drive {
    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final Inodes inodes = new Inodes();
    private final Quota quota;
    private final byte[] secret = new byte[16];
    private Optional<Path> root = Optional.empty();

    private Drive(Path folder, Use limit) {
        this.folder = folder;
        quota = new Quota(limit, this::measure);
        new SecureRandom().nextBytes(secret);
    }

    /**
     * Touches no file yet.
     *
     * @param folder an absolute path; a folder of that name is there when a guest comes to use it
     * @param bytes  quota: what the files in it may have together
     * @param files  quota: how many files, directories and links may be in it
     */
    public static Drive of(Path folder, long bytes, int files) {
        if (!folder.isAbsolute() || bytes < 0 || files < 0) {
            throw new IllegalArgumentException("drive " + folder + " with " + bytes + " bytes, " + files
                    + " files: the path must be absolute, the quota not negative");
        }
        return new Drive(folder.normalize(), new Use(bytes, files));
    }

    public Path folder() {
        return folder;
    }

    /** The guest's first descriptor of it. */
    DirectoryDescriptor top() {
        return DirectoryDescriptor.top(this);
    }

    /** Does work on names, sizes or both; one piece at a time. On a platform thread. */
    <T> T locked(FileWork<T> work) throws IOException, FileError {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Where its paths begin: real, so that a name resolved against it passes no link. Under the lock. */
    Path root() throws IOException {
        if (root.isEmpty()) {
            root = Optional.of(folder.toRealPath());
        }
        return root.get();
    }

    /** Under the lock. */
    Quota quota() {
        return quota;
    }

    /** Under the lock. */
    Inodes inodes() {
        return inodes;
    }

    /** Keeps guests from working back from a metadata hash to what went into it. */
    byte[] secret() {
        return secret.clone();
    }

    /** Accounts for something that lost its name. Under the lock. */
    void removed(FileStat stat) {
        boolean bytesFreed = stat.isRegularFile() && !inodes.unlinked(stat.key());
        quota.give(new Use(bytesFreed ? stat.size() : 0, 1));
    }

    private Use measure() throws IOException {
        Measurement measurement = new Measurement(root());
        Files.walkFileTree(root(), measurement);
        return measurement.use().plus(Use.ofBytes(inodes.bytesWithoutName()));
    }

    /** Adds up what is in a folder, without the folder itself. */
    private static final class Measurement extends SimpleFileVisitor<Path> {
        private final Path root;
        private long bytes;
        private long files;

        Measurement(Path root) {
            this.root = root;
        }

        Use use() {
            // A drive beyond what is counted is full, whatever its quota.
            return files < Limits.MEASURED_ENTRIES ? new Use(bytes, files) : new Use(Long.MAX_VALUE / 2, files);
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(root) ? FileVisitResult.CONTINUE : count(0);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return count(attributes.isRegularFile() ? attributes.size() : 0);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException cause) {
            // Removed meanwhile, or not readable: it cannot grow through a guest either.
            return count(0);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException cause) {
            return FileVisitResult.CONTINUE;
        }

        private FileVisitResult count(long size) {
            bytes += size;
            files++;
            return files < Limits.MEASURED_ENTRIES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }
    }
}
