package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.backup.RefusedException;

/**
 * A lock on a repository: a file that is written anew every five minutes while it is held, by a thread of its own. Whoever wants
 * one looks for others, writes its own, and looks again; of two that collide at least one gives way. Where a target shows late what
 * was written, a third look a little later ({@link #confirm}) finds the other: it comes before anything is written. Until
 * then may be read: what somebody else, not seen yet, takes away meanwhile is missed loudly.
 */
final class Locks implements AutoCloseable {
    private static final Duration REFRESH = Duration.ofMinutes(5);
    /** How long a target may take to show what was written. */
    private static final long LAST_LOOK_NANOS = 200_000_000L;

    private final Repository repository;
    private final boolean exclusive;
    private final CountDownLatch released = new CountDownLatch(1);
    private final Thread refresher;
    private final long written = System.nanoTime();
    private volatile Id id;
    private volatile Stamp refreshed;
    private volatile boolean confirmed;

    private Locks(Repository repository, boolean exclusive, Id id, Stamp refreshed) {
        this.repository = repository;
        this.exclusive = exclusive;
        this.id = id;
        this.refreshed = refreshed;
        this.refresher = Thread.ofPlatform().daemon().name("repository lock").start(this::refresh);
    }

    /** Beside others of the kind. To be confirmed before anything is written. */
    static Locks shared(Repository repository) throws IOException {
        return take(repository, false);
    }

    /** Beside none; confirmed. */
    static Locks exclusive(Repository repository) throws IOException {
        Locks lock = take(repository, true);
        try {
            lock.confirm();
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        return lock;
    }

    private static Locks take(Repository repository, boolean exclusive) throws IOException {
        refuse(repository, exclusive, Optional.empty());
        Stamp now = repository.options.now();
        Id id = write(repository, exclusive, now);
        boolean held = false;
        try {
            refuse(repository, exclusive, Optional.of(id));
            held = true;
        } finally {
            if (!held) {
                remove(repository, id);
            }
        }
        return new Locks(repository, exclusive, id, now);
    }

    /** Makes sure, once, that nobody took one at the same moment. @throws RepositoryException when somebody did */
    synchronized void confirm() throws IOException {
        if (confirmed) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(LAST_LOOK_NANOS - (System.nanoTime() - written));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the lock", e);
        }
        refuse(repository, exclusive, Optional.of(id));
        confirmed = true;
    }

    /** A target that permits no deletion keeps the lock; there it counts no more after half an hour. */
    private static void remove(Repository repository, Id id) throws IOException {
        try {
            repository.replicas.delete(FileKind.LOCK.path(id));
        } catch (RefusedException e) {
            // told by whoever deletes something else
        }
    }

    private static void refuse(Repository repository, boolean exclusive, Optional<Id> own) throws IOException {
        for (Id other : repository.ids(FileKind.LOCK)) {
            if (own.isPresent() && own.get().equals(other)) {
                continue;
            }
            Optional<LockFile> lock = read(repository, other);
            if (lock.isEmpty()) {
                continue;
            }
            if (lock.get().isStale(repository.options.now(), Options.MACHINE)) {
                remove(repository, other);
            } else if (exclusive || lock.get().exclusive()) {
                throw new RepositoryException("The repository is in use by " + lock.get().holder() + (lock.get().exclusive() ? ", alone" : "")
                        + ". Wait until it is done; a lock that is not written anew for 30 minutes counts no more."
                        + (lock.get().time().seconds() > repository.options.now().seconds() + 60
                                ? " That time lies in the future: one of the two clocks is wrong." : ""));
            }
        }
    }

    private static Optional<LockFile> read(Repository repository, Id id) throws IOException {
        try {
            return Optional.of(LockFile.parse(repository.loadUnpacked(FileKind.LOCK, id)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DamagedException e) {
            throw new RepositoryException("There is a lock that cannot be read (" + e.getMessage() + "). If nobody uses the repository,"
                    + " delete the object " + FileKind.LOCK.path(id) + ".", e);
        }
    }

    private static Id write(Repository repository, boolean exclusive, Stamp now) throws IOException {
        LockFile lock = new LockFile(now, exclusive, Options.MACHINE, repository.options.username(),
                ProcessHandle.current().pid(), 0, 0);
        return repository.saveUnpacked(FileKind.LOCK, lock.json());
    }

    private void refresh() {
        try {
            while (!released.await(REFRESH.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    renew();
                } catch (IOException e) {
                    // Tried again in five minutes; after thirty, check() says that it is lost.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes it anew, then deletes the old one: at no moment is there none. */
    synchronized void renew() throws IOException {
        if (released.getCount() == 0) {
            return;
        }
        Stamp now = repository.options.now();
        Id old = id;
        id = write(repository, exclusive, now);
        refreshed = now;
        remove(repository, old);
    }

    /** @throws RepositoryException when it could not be written anew for so long that others may ignore it */
    void check() {
        if (repository.options.now().seconds() - refreshed.seconds() > LockFile.STALE.toSeconds()) {
            throw new RepositoryException("The lock could not be written anew for 30 minutes, so others may use the repository now. What is"
                    + " written so far stays valid; start again.");
        }
    }

    static int removeStale(Repository repository) throws IOException {
        int removed = 0;
        for (Id id : repository.ids(FileKind.LOCK)) {
            Optional<LockFile> lock = read(repository, id);
            if (lock.isPresent() && lock.get().isStale(repository.options.now(), Options.MACHINE)) {
                remove(repository, id);
                removed++;
            }
        }
        return removed;
    }

    @Override
    public synchronized void close() throws IOException {
        released.countDown();
        remove(repository, id);
    }
}
