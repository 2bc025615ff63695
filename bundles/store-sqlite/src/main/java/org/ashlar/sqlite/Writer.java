package org.ashlar.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. What waits together is written in one transaction, and synced once (group commit); an
 * answer is given only after the sync. Between two transactions it runs what must see the database at rest.
 */
final class Writer {
    /** Commits that may wait. A caller waits for a place. */
    static final int QUEUE = 1024;
    /** Commits in one transaction, and the bytes after which no further one joins: bounds how long a cut waits. */
    private static final int GROUP = 256;
    private static final int GROUP_BYTES = 4 << 20;
    private static final long PLACE_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private final Database database;
    private final Connection connection;
    private final PreparedStatement put;
    private final PreparedStatement remove;
    private final BlockingDeque<Job> queue = new LinkedBlockingDeque<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;
    private StoreException broken;

    private sealed interface Job {
        CompletableFuture<Void> done();
    }

    private record Commit(List<Change> changes, CompletableFuture<Void> done) implements Job { }

    private record AtRest(Runnable task, CompletableFuture<Void> done) implements Job { }

    private record Close(CompletableFuture<Void> done) implements Job { }

    Writer(Database database) throws SQLException {
        this.database = database;
        connection = database.connect(false);
        put = connection.prepareStatement("insert into entries (tab, key, value) values (?, ?, ?)"
                + " on conflict (tab, key) do update set value = excluded.value");
        remove = connection.prepareStatement("delete from entries where tab = ? and key = ?");
        thread = Thread.ofPlatform().name("ashlar-store-writer").start(this::run);
    }

    /** Returns when the changes are on disk. */
    void commit(List<Change> changes) {
        await(enqueue(new Commit(changes, new CompletableFuture<>())));
    }

    /** Runs {@code task} on the writer's thread, before the next transaction and after all answers to earlier ones. */
    CompletableFuture<Void> atRest(Runnable task) {
        return enqueue(new AtRest(task, new CompletableFuture<>()));
    }

    /** Ends what was accepted, then the thread and the connection. @return whether that happened in time */
    boolean close(long millis) throws InterruptedException {
        synchronized (this) {
            if (!closed) {
                closed = true;
                queue.put(new Close(new CompletableFuture<>()));
            }
        }
        return thread.join(Duration.ofMillis(millis));
    }

    /** Waits without heeding interrupts: the commit goes on anyway, and the caller must learn how it ended. */
    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException cause) {
                throw new StoreException(cause.getMessage(), cause);
            }
            throw e;
        }
    }

    private CompletableFuture<Void> enqueue(Job job) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PLACE_SECONDS);
        try {
            while (true) {
                try {
                    if (offer(job, deadline - System.nanoTime())) {
                        return job.done();
                    }
                    throw new StoreException("The store " + database.file() + " has " + QUEUE + " commits waiting, and no"
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

    private boolean offer(Job job, long nanos) throws InterruptedException {
        if (closed) {
            throw database.closed();
        }
        // A cut goes first: those who wait for it hold their breath.
        boolean placed = job instanceof AtRest ? queue.offerFirst(job, nanos, TimeUnit.NANOSECONDS)
                : queue.offerLast(job, nanos, TimeUnit.NANOSECONDS);
        // Who closes meanwhile may have emptied the queue for the last time before this job came into it.
        if (placed && closed && queue.remove(job)) {
            throw database.closed();
        }
        return placed;
    }

    private void run() {
        List<Commit> group = new ArrayList<>();
        Job next = take();
        while (!(next instanceof Close)) {
            if (next instanceof AtRest(Runnable task, CompletableFuture<Void> done)) {
                finish(done, task);
                next = take();
            } else {
                next = collect((Commit) next, group);
                write(group);
                group.clear();
                if (next == null) {
                    next = take();
                }
            }
        }
        next.done().complete(null);
        refuseLate();
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing accepted depends on it: all of it is synced.
            LOG.warn("Closing {}", database.file(), e);
        }
    }

    private static void finish(CompletableFuture<Void> done, Runnable task) {
        try {
            task.run();
            done.complete(null);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private Job take() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                // Nobody interrupts this thread; if somebody does, what is accepted must still be written.
                Thread.interrupted();
            }
        }
    }

    /** Gathers what waits; gives back the first job that does not belong to this group, or null when none waits. */
    private Job collect(Commit first, List<Commit> group) {
        group.add(first);
        long bytes = weight(first);
        Job next = queue.poll();
        while (next instanceof Commit commit && group.size() < GROUP && bytes < GROUP_BYTES) {
            group.add(commit);
            bytes += weight(commit);
            next = queue.poll();
        }
        return next;
    }

    private static long weight(Commit commit) {
        return commit.changes().stream().mapToLong(change -> change.value().map(v -> v.length).orElse(0)).sum();
    }

    private void write(List<Commit> group) {
        try {
            transaction(group);
        } catch (StoreException e) {
            if (group.size() > 1) {
                // One too many for the disk must not fail the others.
                group.forEach(commit -> write(List.of(commit)));
            } else {
                group.getFirst().done().completeExceptionally(e);
            }
            return;
        }
        group.forEach(commit -> commit.done().complete(null));
    }

    private void transaction(List<Commit> group) {
        if (broken != null) {
            throw broken;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin immediate");
            for (Commit commit : group) {
                for (Change change : commit.changes()) {
                    apply(change);
                }
            }
            statement.execute("commit");
        } catch (SQLException e) {
            StoreException failure = database.failure("could not write", e);
            rollBack();
            if (Database.syncFailed(e)) {
                // After a failed sync the kernel may have dropped the pages while later syncs succeed: nothing
                // written behind them would be safe.
                broken = new StoreException(failure.getMessage() + " It takes no more writes until the node is restarted;"
                        + " check the disk first.", e);
                throw broken;
            }
            throw failure;
        }
    }

    private void apply(Change change) throws SQLException {
        PreparedStatement statement = change.value().isPresent() ? put : remove;
        statement.setString(1, change.table());
        statement.setBytes(2, change.key().getBytes(UTF_8));
        if (change.value().isPresent()) {
            statement.setBytes(3, change.value().get());
        }
        statement.executeUpdate();
        statement.clearParameters();
    }

    private void rollBack() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("rollback");
        } catch (SQLException e) {
            // SQLite rolls back by itself on some errors, and then there is no transaction to end.
            LOG.debug("Rolling back {}", database.file(), e);
        }
    }

    private void refuseLate() {
        Job late = queue.poll();
        while (late != null) {
            late.done().completeExceptionally(database.closed());
            late = queue.poll();
        }
    }
}
