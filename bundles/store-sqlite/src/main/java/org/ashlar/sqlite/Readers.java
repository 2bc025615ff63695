package org.ashlar.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that read, each with a connection of its own while it works. Callers wait for their turn; there are at
 * most {@link #WAITING} of them.
 */
final class Readers {
    static final int THREADS = 4;
    /** Reads that may wait; one more is refused. */
    static final int WAITING = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final Database database;
    private final List<Connection> connections = new ArrayList<>();
    private final BlockingQueue<Connection> free = new ArrayBlockingQueue<>(THREADS);
    private final ExecutorService threads;

    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    Readers(Database database) throws SQLException {
        this.database = database;
        try {
            for (int i = 0; i < THREADS; i++) {
                connections.add(database.connect(true));
            }
        } catch (SQLException e) {
            closeConnections();
            throw e;
        }
        free.addAll(connections);
        threads = new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING),
                Thread.ofPlatform().name("ashlar-store-reader-", 0).factory());
    }

    /** Runs {@code query} on a reader's thread and waits for it. */
    <T> T read(Query<T> query) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> answer(query, result));
        } catch (RejectedExecutionException e) {
            throw threads.isShutdown() ? database.closed() : new StoreException("The store " + database.file() + " has "
                    + WAITING + " reads waiting and takes no more: the disk is too slow or stuck.", e);
        }
        return Writer.await(result);
    }

    private <T> void answer(Query<T> query, CompletableFuture<T> result) {
        // There are as many connections as threads, so one is free.
        Connection connection = free.remove();
        try {
            result.complete(query.run(connection));
        } catch (SQLException e) {
            result.completeExceptionally(database.failure("could not read", e));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        } finally {
            free.add(connection);
        }
    }

    /** Ends what was accepted. */
    void close(long millis) throws InterruptedException {
        threads.shutdown();
        if (threads.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
            closeConnections();
        }
    }

    private void closeConnections() {
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.warn("Closing {}", database.file(), e);
            }
        }
    }
}
