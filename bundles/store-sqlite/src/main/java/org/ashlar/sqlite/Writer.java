package org.ashlar.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.ashlar.sqlite.WriteQueue.AtRest;
import org.ashlar.sqlite.WriteQueue.Close;
import org.ashlar.sqlite.WriteQueue.Commit;
import org.ashlar.sqlite.WriteQueue.Job;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. What waits together is written in one transaction, and synced once (group commit); an
 * answer is given only after the sync. Between two transactions it runs what must see the database at rest.
 */
final class Writer {
    /** Commits in one transaction, and the bytes after which no further one joins: bounds how long a cut waits. */
    private static final int GROUP = 256;
    private static final int GROUP_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private final Database database;
    private final Connection connection;
    private final PreparedStatement put;
    private final PreparedStatement remove;
    private final WriteQueue queue;
    private final Thread thread;
    /** Why it takes no more writes; null while it does. */
    private StoreException broken;

    Writer(Database database) throws SQLException {
        this(database, database.connect(false));
    }

    /** @param connection to write with; closed at the end */
    Writer(Database database, Connection connection) throws SQLException {
        this.database = database;
        this.connection = connection;
        queue = new WriteQueue(database);
        put = connection.prepareStatement("insert into entries (tab, key, value) values (?, ?, ?)"
                + " on conflict (tab, key) do update set value = excluded.value");
        remove = connection.prepareStatement("delete from entries where tab = ? and key = ?");
        thread = Thread.ofPlatform().name("ashlar-store-writer").start(this::run);
    }

    /** Returns when the changes are on disk. */
    void commit(List<Change> changes) {
        await(queue.commit(changes));
    }

    /** Runs {@code task} on the writer's thread, before the next transaction and after all answers to earlier ones. */
    CompletableFuture<Void> atRest(Runnable task) {
        return queue.first(task);
    }

    /** Ends what was accepted, then the thread and the connection. @return whether that happened in time */
    boolean close(long millis) throws InterruptedException {
        queue.close();
        return thread.join(Duration.ofMillis(millis));
    }

    /** Commits that have a place, waiting or about to. */
    int waiting() {
        return queue.waiting();
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

    private void run() {
        List<Commit> group = new ArrayList<>();
        Job next = queue.take();
        while (!(next instanceof Close)) {
            try {
                work(next, group);
            } catch (RuntimeException | Error e) {
                giveUp(e, next, group);
            }
            group.clear();
            next = queue.take();
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

    private void work(Job job, List<Commit> group) {
        if (job instanceof AtRest(Runnable task, CompletableFuture<Void> done)) {
            finish(done, task);
        } else {
            collect((Commit) job, group);
            write(group);
        }
    }

    private static void finish(CompletableFuture<Void> done, Runnable task) {
        try {
            task.run();
            done.complete(null);
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    /**
     * A failure that nobody foresaw: how far the transaction came, and whether the connection still works, cannot be known.
     * All that waits must learn of it nevertheless.
     */
    private void giveUp(Throwable failure, Job job, List<Commit> group) {
        LOG.error("Writing the store {} failed in an unforeseen way", database.file(), failure);
        broken = new StoreException("The store " + database.file() + " failed in an unforeseen way (" + failure
                + ") and takes no more writes until the node is restarted; the log has more. What was acknowledged is kept.",
                failure);
        rollBack();
        group.forEach(commit -> commit.done().completeExceptionally(broken));
        // It may not have come into the group yet. The others are refused when their turn comes.
        job.done().completeExceptionally(broken);
    }

    /** Gathers what waits, up to the bounds of a transaction. */
    private void collect(Commit first, List<Commit> group) {
        group.add(first);
        long bytes = first.weight();
        while (group.size() < GROUP && bytes < GROUP_BYTES) {
            Commit next = queue.pollCommit();
            if (next == null) {
                return;
            }
            group.add(next);
            bytes += next.weight();
        }
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
        } catch (SQLException | RuntimeException e) {
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
