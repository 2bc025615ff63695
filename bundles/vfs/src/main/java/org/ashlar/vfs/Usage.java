package org.ashlar.vfs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * An amount of what drives hold.
 *
 * @param bytes   lengths of plain files
 * @param entries files, folders and links
 */
record Usage(long bytes, long entries) {
    static final Usage NONE = new Usage(0, 0);
    /** Most entries that are looked at to measure a folder; what has more counts as full. */
    static final long MAX_MEASURED = 2_000_000;

    static Usage ofBytes(long bytes) {
        return new Usage(bytes, 0);
    }

    static Usage ofEntries(long entries) {
        return new Usage(0, entries);
    }

    Usage plus(Usage other) {
        return new Usage(bytes + other.bytes, entries + other.entries);
    }

    Usage minus(Usage other) {
        return new Usage(bytes - other.bytes, entries - other.entries);
    }

    /** What is in a folder, without the folder itself; follows no link. */
    static Usage measure(Path folder) throws IOException {
        Measurement measurement = new Measurement(folder);
        Files.walkFileTree(folder, measurement);
        return measurement.entries < MAX_MEASURED ? new Usage(measurement.bytes, measurement.entries)
                : new Usage(Long.MAX_VALUE / 4, measurement.entries);
    }

    private static final class Measurement extends SimpleFileVisitor<Path> {
        private final Path root;
        private long bytes;
        private long entries;

        Measurement(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) ? FileVisitResult.CONTINUE : count(0);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return count(attributes.isRegularFile() ? attributes.size() : 0);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException cause) {
            return FileVisitResult.CONTINUE; // removed meanwhile
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException cause) {
            return FileVisitResult.CONTINUE;
        }

        private FileVisitResult count(long size) {
            bytes += size;
            entries++;
            return entries < MAX_MEASURED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }
    }
}
