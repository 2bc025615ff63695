package org.ashlar.vfs;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ashlar.api.store.Snapshotable.Entry.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What single files were at a cut, while processes go on changing them: before a file changes for the first time after the
 * cut its content is kept, copied or moved aside. Where the files of the cut are by now is known for those that were
 * touched; the others are where they were.
 * <p>
 * Told of changes by who makes them, under the lock of the drive, and at no time when a cut is made. Without a cut every
 * method does nothing. A failure to keep something fails the snapshot, never the change.
 */
final class Keeping {
    /** Most files that are touched during one snapshot; with more of them it fails. */
    static final int MAX_TOUCHED = 200_000;
    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);

    private final Path vfs;
    private final Trees trees;
    private final Folder root;
    private final Folder stage;
    private final Path staging;
    /** Held for writing while something is kept; for reading while a piece of a file of the cut is read. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile boolean active;
    private Optional<String> failed = Optional.empty();
    /** For paths that were touched: which file of the cut is there now; empty for none. */
    private final Map<DrivePath, Optional<DrivePath>> origin = new HashMap<>();
    /** Files of the cut that have another name now. */
    private final Map<DrivePath, DrivePath> moved = new HashMap<>();
    /** Files of the cut that were changed or removed: what they were. */
    private final Map<DrivePath, Path> kept = new HashMap<>();
    /** What was seen of those that are moved or kept, before they changed. */
    private final Map<DrivePath, Found> known = new HashMap<>();
    private final List<Path> copies = new ArrayList<>();

    /** @param root the folder of all drives, {@code vfs}; @param stage where copies are made, {@code staging} */
    Keeping(Path vfs, Trees trees, Folder root, Folder stage, Path staging) {
        this.vfs = vfs;
        this.trees = trees;
        this.root = root;
        this.stage = stage;
        this.staging = staging;
    }

    /** A change, or what keeps something. */
    interface Step {
        void run() throws IOException;
    }

    private void keep(DrivePath path, Step step) {
        if (!active || !trees.isWhereItWasCut(host(path.root()))) {
            return;
        }
        lock.writeLock().lock();
        try {
            if (failed.isEmpty()) {
                step.run();
                if (origin.size() > MAX_TOUCHED) {
                    failed = Optional.of("more than " + MAX_TOUCHED + " files were changed while it was read");
                }
            }
        } catch (IOException e) {
            failed = Optional.of("what " + path + " was could not be kept: " + e.getMessage());
        } finally {
            lock.writeLock().unlock();
        }
    }

    Path host(DrivePath path) {
        return Found.resolve(vfs, path.all());
    }

    /** The file of the cut that is at a path now, if it is not kept already. */
    private Optional<DrivePath> unkept(DrivePath path) {
        return origin.getOrDefault(path, Optional.of(path)).filter(then -> !kept.containsKey(then));
    }

    /** The content of a file is about to change, or a file, a link or an empty folder to lose its name. */
    void changes(DrivePath path, Folder folder) {
        keep(path, () -> {
            Optional<DrivePath> then = unkept(path);
            if (then.isPresent()) {
                copy(then.get(), path, folder);
            }
        });
    }

    private void copy(DrivePath then, DrivePath path, Folder folder) throws IOException {
        Optional<Found> found = folder.find(path.name()).isEmpty() ? Optional.empty() : Found.Sight.OF_NAMES.at(path, host(path));
        if (found.isEmpty()) {
            return;
        }
        Path copy = staging.resolve("kept-" + DriveTree.stageName());
        copies.add(copy); // also one that the disk has no room for goes with the snapshot
        if (found.get().kind() == Kind.FILE) {
            try (FileChannel from = folder.channel(path.name(), READ);
                    FileChannel to = stage.channel(copy.getFileName().toString(), CREATE_NEW, WRITE)) {
                Chunks.copy(from, to);
            }
        }
        kept.put(then, copy);
        known.putIfAbsent(then, found.get().touched(then));
    }

    /** A file or folder gets a name that none has. */
    void appears(DrivePath path) {
        keep(path, () -> origin.put(path, Optional.empty()));
    }

    /** A file, a link or an empty folder loses its name, to none or to another file. */
    void disappears(DrivePath path, Folder folder) {
        changes(path, folder);
        appears(path);
    }

    /** Renames a file, or a folder with all in it, within its drive to a name that nothing has. */
    void moving(DrivePath from, DrivePath to, Step rename) throws IOException {
        around(from, rename, () -> {
            for (Found found : Found.Sight.OF_NAMES.below(from, host(to))) {
                DrivePath file = found.path();
                Optional<DrivePath> then = origin.getOrDefault(file, Optional.of(file));
                DrivePath now = to.descendant(file.from(from));
                origin.put(file, Optional.empty());
                origin.put(now, then);
                if (then.isPresent()) {
                    moved.put(then.get(), now);
                    known.putIfAbsent(then.get(), found.touched(then.get()));
                }
            }
        });
    }

    private static List<DrivePath> below(DrivePath path, Path host) throws IOException {
        return Found.Sight.OF_NAMES.below(path, host).stream().map(Found::path).toList();
    }

    /** Does a change and notes it while nobody reads. */
    private void around(DrivePath path, Step change, Step note) throws IOException {
        if (!active) {
            change.run();
            return;
        }
        lock.writeLock().lock();
        try {
            change.run();
            keep(path, note);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** A file or folder is about to leave for another drive. */
    void leaves(DrivePath from) {
        keep(from, () -> {
            for (DrivePath file : below(from, host(from))) {
                Optional<DrivePath> then = unkept(file);
                if (then.isPresent()) {
                    try (Folder folder = root.descend(file.parent().all())) {
                        copy(then.get(), file, folder);
                    }
                }
                origin.put(file, Optional.empty());
            }
        });
    }

    /** A file or folder has arrived from another drive. */
    void arrives(DrivePath to) {
        keep(to, () -> below(to, host(to)).forEach(file -> origin.put(file, Optional.empty())));
    }

    /** Moves a folder aside to be deleted, which {@link Trees#delete} puts off until the cut is released. */
    void removing(DrivePath folder, Path aside, Step move) throws IOException {
        around(folder, move, () -> {
            for (Found found : Found.Sight.OF_NAMES.below(folder, aside)) {
                DrivePath file = found.path();
                unkept(file).ifPresent(then -> {
                    kept.put(then, Found.resolve(aside, file.from(folder)));
                    known.putIfAbsent(then, found.touched(then));
                });
                origin.put(file, Optional.empty());
            }
        });
    }

    boolean isActive() {
        return active;
    }

    /** From now on files are kept. While no change is made. */
    void begin() {
        active = true;
    }

    /** What the cut has of a drive, of which {@code present} was found by looking. */
    Collection<Found> found(DrivePath drive, List<Found> present) throws IOException {
        lock.readLock().lock();
        try {
            check();
            Map<DrivePath, Found> found = new HashMap<>();
            for (Found seen : present) {
                Optional<DrivePath> then = origin.getOrDefault(seen.path(), Optional.of(seen.path()));
                then.ifPresent(path -> found.put(path, origin.containsKey(seen.path()) ? seen.touched(path) : seen));
            }
            // What was touched while somebody looked may have been missed, or seen as it has become.
            known.forEach((then, seen) -> {
                if (then.startsWith(drive)) {
                    found.put(then, seen);
                }
            });
            return found.values();
        } finally {
            lock.readLock().unlock();
        }
    }

    private void check() throws IOException {
        if (failed.isPresent()) {
            throw new IOException("This snapshot of the drives is not complete: " + failed.get() + ". Take another one.");
        }
    }

    /** What reads a piece of a file of the cut. */
    interface Use<T> {
        /**
         * @param aside the file itself, when it was kept
         * @param now   the path it has, when it was not
         */
        T run(Optional<Path> aside, DrivePath now) throws IOException;
    }

    /** Reads something while the file stays what it is. */
    <T> T reading(DrivePath then, Use<T> use) throws IOException {
        lock.readLock().lock();
        try {
            check();
            return use.run(Optional.ofNullable(kept.get(then)), moved.getOrDefault(then, then));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Lets go of all that was kept. */
    void release() {
        List<Path> gone;
        lock.writeLock().lock();
        try {
            active = false;
            failed = Optional.empty();
            origin.clear();
            moved.clear();
            kept.clear();
            known.clear();
            gone = List.copyOf(copies);
            copies.clear();
        } finally {
            lock.writeLock().unlock();
        }
        for (Path copy : gone) {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException e) {
                LOG.warn("Deleting {}; the next start tries again", copy, e);
            }
        }
    }
}
