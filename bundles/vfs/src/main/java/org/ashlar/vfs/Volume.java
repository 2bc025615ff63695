package org.ashlar.vfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A drive as the place of changes: one at a time, within a quota.
 * <p>
 * What is asked for by message is counted as it happens; what others do in the folder (guests through WASI, the packages'
 * updates) is seen when it is measured anew: before a refusal, and after a minute.
 */
final class Volume {
    private static final long STALE = TimeUnit.MINUTES.toNanos(1);
    /** A process at its limit shall not have the whole drive walked for each of its writes. */
    private static final long BETWEEN_REFUSALS = TimeUnit.SECONDS.toNanos(1);

    /** Paths of which is remembered that their names are on disk. */
    private static final int SYNCED = 256;

    private final Path folder;
    private final String name;
    private final Usage limit;
    private final Trees trees;
    private final ReentrantLock lock = new ReentrantLock();
    /** Changes that have ended: of content alone, and all others. */
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong names = new AtomicLong();
    /** Guarded by itself: after how many changes of names those that lead to a path were put on disk. */
    private final Map<DrivePath, Long> synced = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DrivePath, Long> eldest) {
            return size() > SYNCED;
        }
    };
    private Usage used = Usage.NONE;
    private boolean measured;
    private long measuredAt;

    /**
     * @param folder where it is
     * @param name   as processes name it
     */
    Volume(Path folder, String name, Usage limit, Trees trees) {
        this.trees = trees;
        this.folder = folder;
        this.name = name;
        this.limit = limit;
    }

    Usage limit() {
        return limit;
    }

    /** Does a change that a cut is either before or after. */
    <T> T change(Trees.Moves<T> change) throws IOException {
        return changing(change, names);
    }

    /** Does a change of a file's content, after which all have the names they had. */
    <T> T changeContent(Trees.Moves<T> change) throws IOException {
        return changing(change, changes);
    }

    private <T> T changing(Trees.Moves<T> change, AtomicLong count) throws IOException {
        lock.lock();
        try {
            return trees.together(change);
        } finally {
            count.incrementAndGet();
            lock.unlock();
        }
    }

    /** How many changes have ended: while it is the same, none was answered. */
    long changes() {
        return changes.get() + names.get();
    }

    /** How many changes of names have ended. */
    long names() {
        return names.get();
    }

    /** Whether the names that lead to a path are on disk already. */
    boolean areNamesSynced(DrivePath path) {
        synchronized (synced) {
            return Long.valueOf(names()).equals(synced.get(path));
        }
    }

    /** The names that lead to a path were put on disk. @param since {@link #names()} before that */
    void namesSynced(DrivePath path, long since) {
        synchronized (synced) {
            synced.put(path, since);
        }
    }

    /** Locks two drives, in an order of their own, so that two such changes do not wait for each other. */
    static <T> T change(Volume one, Volume other, Trees.Moves<T> change) throws IOException {
        boolean inOrder = one.name.compareTo(other.name) <= 0;
        Volume first = inOrder ? one : other;
        Volume second = inOrder ? other : one;
        return first.change(() -> second.change(change));
    }

    /** Takes room; growing by nothing is always allowed, so that a drive that is too full can be put in order. */
    void take(Usage wanted) throws IOException {
        lock.lock();
        try {
            measureWhenOlderThan(STALE);
            if (!fits(wanted)) {
                measureWhenOlderThan(BETWEEN_REFUSALS);
            }
            if (!fits(wanted)) {
                throw new IOException("the drive " + name + " is full: it holds " + used.bytes() + " bytes in "
                        + used.entries() + " files and folders, and its quota is " + limit.bytes() + " bytes in "
                        + limit.entries() + ". Remove something, or have the node's owner raise the quota");
            }
            used = used.plus(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Gives room back. */
    void give(Usage freed) {
        lock.lock();
        try {
            used = new Usage(Math.max(0, used.bytes() - freed.bytes()), Math.max(0, used.entries() - freed.entries()));
        } finally {
            lock.unlock();
        }
    }

    /** What it holds, measured now. */
    Usage used() throws IOException {
        lock.lock();
        try {
            measureWhenOlderThan(BETWEEN_REFUSALS);
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** It was replaced as a whole. */
    void forget() {
        lock.lock();
        try {
            measured = false;
            names.incrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(Usage wanted) {
        return (wanted.bytes() <= 0 || wanted.bytes() <= limit.bytes() - used.bytes())
                && (wanted.entries() <= 0 || wanted.entries() <= limit.entries() - used.entries());
    }

    private void measureWhenOlderThan(long nanos) throws IOException {
        if (!measured || System.nanoTime() - measuredAt > nanos) {
            used = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) ? Usage.measure(folder) : Usage.NONE;
            measured = true;
            measuredAt = System.nanoTime();
        }
    }
}
