package org.ashlar.sqlite;

import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;

/**
 * What waits for the writer. Commits need one of a bounded number of places; a cut and the end need none, so that they never
 * wait for commits to leave. Any thread puts in, one takes out.
 */
final class WriteQueue {
    /** Commits that may wait. A caller waits for a place. */
    static final int PLACES = 1024;
    private static final long PLACE_SECONDS = 30;

    private final Database database;
    private final BlockingDeque<Job> jobs = new LinkedBlockingDeque<>();
    private final Semaphore places = new Semaphore(PLACES);
    private volatile boolean closed;

    sealed interface Job {
        CompletableFuture<Void> done();
    }

    record Commit(List<Change> changes, CompletableFuture<Void> done) implements Job {
        /** What it adds to a transaction, in bytes. */
        long weight() {
            return changes.stream().mapToLong(change -> change.value().map(v -> v.length).orElse(0)).sum();
        }
    }

    record AtRest(Runnable task, CompletableFuture<Void> done) implements Job { }

    record Close(CompletableFuture<Void> done) implements Job { }

    WriteQueue(Database database) {
        this.database = database;
    }

    /** Waits for a place, without heeding interrupts. @throws StoreException when none came free in time */
    CompletableFuture<Void> commit(List<Change> changes) {
        awaitPlace();
        return add(new Commit(changes, new CompletableFuture<>()));
    }

    /** Goes before all that waits: those who wait for a cut hold their breath. */
    CompletableFuture<Void> first(Runnable task) {
        return add(new AtRest(task, new CompletableFuture<>()));
    }

    /** Commits that have a place. */
    int waiting() {
        return PLACES - places.availablePermits();
    }

    /** Lets nothing in any more, and puts the end behind what is in. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            jobs.addLast(new Close(new CompletableFuture<>()));
        }
    }

    private CompletableFuture<Void> add(Job job) {
        if (job instanceof AtRest) {
            jobs.addFirst(job);
        } else {
            jobs.addLast(job);
        }
        // Who closes meanwhile may have emptied the queue for the last time before this job came into it.
        if (closed && jobs.remove(job)) {
            taken(job);
            throw database.closed();
        }
        return job.done();
    }

    private void awaitPlace() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PLACE_SECONDS);
        try {
            while (true) {
                try {
                    if (places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    throw new StoreException("The store " + database.file() + " has " + PLACES + " commits waiting, and no"
                            + " place came free within " + PLACE_SECONDS + " s: the disk is too slow or stuck.");
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the next. */
    Job take() {
        while (true) {
            try {
                return taken(jobs.take());
            } catch (InterruptedException e) {
                // Nobody interrupts the writer; if somebody does, what is accepted must still be written.
                Thread.interrupted();
            }
        }
    }

    /** The next, if it is a commit; null when it is something else or nothing waits. */
    Commit pollCommit() {
        Job next = jobs.peek();
        // A cut may have come before it meanwhile; then it is this commit's turn nevertheless.
        return next instanceof Commit commit && jobs.remove(commit) ? (Commit) taken(commit) : null;
    }

    /** Whatever waits. */
    Job poll() {
        Job job = jobs.poll();
        return job == null ? null : taken(job);
    }

    private Job taken(Job job) {
        if (job instanceof Commit) {
            places.release();
        }
        return job;
    }
}
