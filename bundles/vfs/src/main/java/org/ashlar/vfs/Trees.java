package org.ashlar.vfs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ashlar.files.Durable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves and deletes the folders of drives, so that a cut can keep them: knows where its folders are by now, and deletes none
 * before it is released. What changes within a drive is for {@link Keeping}. Any thread may call.
 */
final class Trees {
    private static final Logger LOG = LoggerFactory.getLogger(Trees.class);

    /** Held for reading while a folder moves; a cut comes to rest by holding it for writing. */
    private final ReentrantReadWriteLock moving = new ReentrantReadWriteLock();
    /** Guarded by this: where each folder of the cut was then, and where it is now. */
    private final Map<Path, Place> kept = new HashMap<>();
    /** Guarded by this: what is deleted when the cut is released. */
    private final List<Path> condemned = new ArrayList<>();
    private boolean cut;

    /** One or several moves, or other changes. */
    interface Moves<T> {
        T run() throws IOException;
    }

    /** Does what no cut falls into. */
    <T> T together(Moves<T> moves) throws IOException {
        moving.readLock().lock();
        try {
            return moves.run();
        } finally {
            moving.readLock().unlock();
        }
    }

    /** Moves a folder, as one step and durably. */
    void move(Path from, Path to) throws IOException {
        together(() -> {
            synchronized (this) {
                Files.move(from, to, ATOMIC_MOVE);
                kept.replaceAll((then, place) -> place.moved(from, to));
            }
            Durable.sync(to.getParent());
            if (!to.getParent().equals(from.getParent())) {
                Durable.sync(from.getParent());
            }
            return null;
        });
    }

    /**
     * Where a folder of the cut is.
     *
     * @param moves how often it has moved since the cut: between two looks at the same place nothing else was there
     */
    record Place(Path folder, int moves) {
        private Place moved(Path from, Path to) {
            return folder.startsWith(from) ? new Place(to.resolve(from.relativize(folder)), moves + 1) : this;
        }
    }

    /** Deletes a folder with all in it, now or when the cut is released. Failures are logged: the next start deletes it. */
    void delete(Path gone) {
        synchronized (this) {
            if (cut) {
                condemned.add(gone);
                return;
            }
        }
        try {
            Durable.deleteTree(gone);
        } catch (IOException e) {
            LOG.warn("Deleting {}; the next start tries again", gone, e);
        }
    }

    /** What is done while no folder moves. */
    interface AtRest {
        /** @return the folders to keep */
        List<Path> folders() throws IOException;
    }

    /** Comes to rest, bounded, and keeps the folders that {@code atRest} gives. */
    void cut(long millis, AtRest atRest) throws IOException {
        try {
            if (!moving.writeLock().tryLock(millis, TimeUnit.MILLISECONDS)) {
                throw new IOException("drives were being replaced for " + millis + " ms; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the drives", e);
        }
        try {
            List<Path> folders = atRest.folders();
            synchronized (this) {
                folders.forEach(folder -> kept.put(folder, new Place(folder, 0)));
                cut = true;
            }
        } finally {
            moving.writeLock().unlock();
        }
    }

    /** Where a folder of the cut is now. */
    synchronized Place now(Path then) {
        Place now = kept.get(then);
        if (now == null) {
            throw new IllegalStateException("there is no cut of " + then);
        }
        return now;
    }

    /** Whether a folder of the cut is still where it was then. */
    synchronized boolean isWhereItWasCut(Path then) {
        Place now = kept.get(then);
        return now != null && now.folder().equals(then);
    }

    /** Lets go of the cut, and deletes what was kept for it alone. */
    void release() {
        List<Path> gone;
        synchronized (this) {
            cut = false;
            kept.clear();
            gone = List.copyOf(condemned);
            condemned.clear();
        }
        gone.forEach(this::delete);
    }
}
