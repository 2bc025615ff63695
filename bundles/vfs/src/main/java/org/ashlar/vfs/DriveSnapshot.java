package org.ashlar.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;

/**
 * The drives as they were at a cut: all regular files of all drives but the scratch ones, which are nobody's to keep.
 * Symbolic links are left out.
 */
final class DriveSnapshot {
    private final Path vfs;
    private final Trees trees;
    private boolean begun;
    private Optional<List<Path>> drives = Optional.empty();

    DriveSnapshot(Path vfs, Trees trees) {
        this.vfs = vfs;
        this.trees = trees;
    }

    synchronized void prepare() {
        if (begun) {
            throw new IllegalStateException("a snapshot of the drives is under way");
        }
        begun = true;
    }

    synchronized void cut(Barrier barrier, long millis) throws IOException {
        if (!begun || drives.isPresent()) {
            throw new IllegalStateException("the cut of the drives was not prepared");
        }
        try {
            trees.cut(millis, () -> {
                barrier.await();
                drives = Optional.of(list());
                return drives.get();
            });
        } finally {
            begun = drives.isPresent();
        }
    }

    private List<Path> list() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> owners = Files.newDirectoryStream(vfs, path -> isFolder(path) && !isHidden(path))) {
            for (Path owner : owners) {
                try (DirectoryStream<Path> each = Files.newDirectoryStream(owner, DriveSnapshot::isFolder)) {
                    each.forEach(found::add);
                }
            }
        }
        found.removeIf(drive -> drive.endsWith(FileStore.SCRATCH_DRIVE));
        return found.stream().sorted().toList();
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, NOFOLLOW_LINKS);
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    synchronized List<Entry> open() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path drive : drives.orElseThrow(() -> new IllegalStateException("there is no cut of the drives"))) {
            entries.addAll(whereItIs(drive, now -> {
                try (Stream<Path> files = Files.walk(now)) {
                    return files.filter(file -> Files.isRegularFile(file, NOFOLLOW_LINKS))
                            .map(file -> new DriveFile(drive, now.relativize(file))).toList();
                }
            }));
        }
        return entries;
    }

    synchronized void release() {
        begun = false;
        drives = Optional.empty();
        trees.release();
    }

    private interface Use<T> {
        T in(Path now) throws IOException;
    }

    /** The folder of a drive may move at any time, and another take its place; then it is looked for again. */
    private <T> T whereItIs(Path drive, Use<T> use) throws IOException {
        while (true) {
            Trees.Place place = trees.now(drive);
            T result;
            try {
                result = use.in(place.folder());
            } catch (IOException | UncheckedIOException e) {
                if (place.equals(trees.now(drive))) {
                    throw e;
                }
                continue;
            }
            if (place.equals(trees.now(drive))) {
                return result;
            }
            if (result instanceof Closeable open) {
                open.close();
            }
        }
    }

    private final class DriveFile implements Entry {
        private final Path drive;
        private final Path below;

        DriveFile(Path drive, Path below) {
            this.drive = drive;
            this.below = below;
        }

        @Override
        public String path() {
            return StreamSupport.stream(vfs.relativize(drive).resolve(below).spliterator(), false).map(Path::toString)
                    .collect(Collectors.joining("/"));
        }

        @Override
        public InputStream read() throws IOException {
            return whereItIs(drive, now -> Files.newInputStream(now.resolve(below), NOFOLLOW_LINKS));
        }
    }
}
