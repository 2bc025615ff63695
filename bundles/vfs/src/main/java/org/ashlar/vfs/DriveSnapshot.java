package org.ashlar.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.api.store.Snapshotable.Version;

/**
 * The drives as they were at a cut: all plain files, folders and links of all drives but the scratch ones, which are nobody's
 * to keep. No link is followed. {@link Trees} keeps drives that are replaced as a whole, {@link Keeping} files that change.
 */
final class DriveSnapshot {
    private final Path vfs;
    private final Path staging;
    private final Trees trees;
    private final Keeping keeping;
    private boolean begun;
    private Found.Sight sight = Found.Sight.OF_NAMES;
    private Optional<List<Path>> drives = Optional.empty();

    /** @param staging on the file system of the drives */
    DriveSnapshot(Path vfs, Path staging, Trees trees, Keeping keeping) {
        this.keeping = keeping;
        this.vfs = vfs;
        this.staging = staging;
        this.trees = trees;
    }

    synchronized void prepare() throws IOException {
        if (begun) {
            throw new IllegalStateException("a snapshot of the drives is under way");
        }
        sight = Found.Sight.in(staging);
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
                keeping.begin();
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
        found.removeIf(drive -> drive.endsWith(FileStore.SCRATCH_DRIVE) || !isDrive(drive));
        return found.stream().sorted().toList();
    }

    /** Whether it is what a package could have made. */
    private boolean isDrive(Path drive) {
        try {
            return DrivePath.parse(vfs.relativize(drive).toString()).isDrive();
        } catch (IOException e) {
            return false;
        }
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
            DrivePath root = DrivePath.parse(vfs.relativize(drive).toString());
            List<Found> present = whereItIs(drive, now -> sight.below(root, now));
            for (Found found : keeping.found(root, present)) {
                entries.add(new DriveEntry(found));
            }
        }
        return entries;
    }

    synchronized void release() {
        begun = false;
        drives = Optional.empty();
        keeping.release();
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

    private final class DriveEntry implements Entry {
        private final Found then;

        DriveEntry(Found then) {
            this.then = then;
        }

        @Override
        public Kind kind() {
            return then.kind();
        }

        @Override
        public String path() {
            return then.path().relative();
        }

        @Override
        public long size() {
            return then.size();
        }

        @Override
        public String target() {
            return then.target();
        }

        @Override
        public Optional<Instant> modified() {
            return Optional.of(then.modified());
        }

        @Override
        public Optional<Version> version() {
            return then.version();
        }

        @Override
        public InputStream read() throws IOException {
            return new KeptInput(then.path(), keeping, now -> whereItIs(keeping.host(now.root()), drive -> open(drive, now)));
        }

        /** Name by name: a folder may be a link by now. */
        private static FileChannel open(Path drive, DrivePath path) throws IOException {
            try (Folder root = Folder.open(drive); Folder folder = root.descend(path.parent().below())) {
                return folder.channel(path.name(), READ);
            }
        }
    }
}
