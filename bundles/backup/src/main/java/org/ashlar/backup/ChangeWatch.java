package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/**
 * Tells that something in a home has changed: a print of the names, sizes and times of all that is backed up. A look costs a walk through
 * the folders, so that after one that took long the next ones give the old answer for a while.
 */
final class ChangeWatch {
    private static final List<String> FOLDERS = List.of("store", "identity", "config", "deploy", "kv", "sqlite", "vfs");
    /** Those of them where a name that begins with a dot is that of a folder of passing things. */
    private static final Set<String> HIDING = Set.of("vfs", "kv", "sqlite");
    /** Files that are looked at; beyond them, only the first so many are watched. */
    private static final int MAX_FILES = 200_000;
    /** Part of the time that looking may take. */
    private static final int SHARE = 20;

    private final Path home;
    private long print;
    private long nextLook = System.nanoTime();

    ChangeWatch(Path home) {
        this.home = home;
    }

    long print() {
        long begun = System.nanoTime();
        if (begun - nextLook >= 0) {
            Walk walk = new Walk(home);
            for (String folder : FOLDERS) {
                try {
                    Files.walkFileTree(home.resolve(folder), walk);
                } catch (IOException e) {
                    walk.sum = 31 * walk.sum + 1; // being changed at this moment
                }
            }
            print = walk.sum;
            nextLook = System.nanoTime() + (System.nanoTime() - begun) * SHARE;
        }
        return print;
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path home;
        private long sum = 1;
        private int files;

        Walk(Path home) {
            this.home = home;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (isPassing(home.relativize(folder))) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            sum = 31 * sum + folder.hashCode();
            return FileVisitResult.CONTINUE;
        }

        /** Scratch drives are nobody's to keep; what is being made, or kept for a snapshot, is in no drive and no database. */
        private static boolean isPassing(Path path) {
            return switch (path.getNameCount()) {
                case 2 -> HIDING.contains(path.getName(0).toString()) && path.getName(1).toString().startsWith(".");
                case 3 -> isInDrives(path) && path.endsWith("tmp");
                default -> false;
            };
        }

        private static boolean isInDrives(Path path) {
            return path.startsWith("vfs");
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            // What SQLite needs for its own, and the copy that a snapshot makes, are not what is kept.
            if (isInDrives(home.relativize(file)) || !name.endsWith("-shm") && !name.startsWith("snapshot.db")) {
                sum = 31 * (31 * (31 * sum + file.hashCode()) + attributes.size()) + attributes.lastModifiedTime().hashCode();
            }
            return ++files < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // gone already: its folder's entry tells
        }
    }
}
