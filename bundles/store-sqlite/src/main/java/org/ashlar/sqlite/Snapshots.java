package org.ashlar.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot that is under way, if any: prepared (a connection is open), then cut (it sees one instant). The cut is
 * made on the writer's thread, between two transactions, so it never falls between a sync and its answers.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final Database database;
    private final Writer writer;
    private Optional<Cut> prepared = Optional.empty();
    private Optional<Cut> cut = Optional.empty();

    /** Removes the copy that a crash may have left. */
    Snapshots(Database database, Writer writer) throws IOException {
        this.database = database;
        this.writer = writer;
        Files.deleteIfExists(Cut.copyOf(database));
    }

    synchronized void prepare() throws IOException {
        if (prepared.isPresent() || cut.isPresent()) {
            throw new IllegalStateException("a snapshot of the store is under way");
        }
        try {
            prepared = Optional.of(Cut.on(database));
        } catch (SQLException e) {
            throw new IOException(database.failure("cannot be prepared for a snapshot", e));
        }
    }

    synchronized void cut(Barrier barrier) throws IOException {
        Cut next = prepared.orElseThrow(() -> new IllegalStateException("the cut of the store was not prepared"));
        try {
            fixInTime(next, barrier);
        } catch (StoreException | ExecutionException | TimeoutException e) {
            release();
            throw new IOException("No snapshot of the store " + database.file() + " could be taken: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            release();
            Thread.currentThread().interrupt();
            throw new IOException("Taking a snapshot of the store was interrupted", e);
        }
        prepared = Optional.empty();
        cut = Optional.of(next);
    }

    private void fixInTime(Cut next, Barrier barrier) throws ExecutionException, TimeoutException, InterruptedException {
        AtomicBoolean decided = new AtomicBoolean();
        CompletableFuture<Void> fixed = writer.atRest(() -> fix(next, decided, barrier));
        try {
            fixed.get(Snapshotable.CUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (decided.compareAndSet(false, true)) {
                throw new TimeoutException("it was writing for more than " + Snapshotable.CUT_MILLIS + " ms; try again");
            }
            // The writer is at it already, at most until the barrier gives up.
            fixed.get();
        } catch (InterruptedException e) {
            if (!decided.compareAndSet(false, true)) {
                fixed.join();
            }
            throw e;
        }
    }

    private void fix(Cut next, AtomicBoolean decided, Barrier barrier) {
        if (decided.compareAndSet(false, true)) {
            try {
                barrier.await();
                next.fix();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw database.failure("could not fix a snapshot", e);
            }
        }
    }

    synchronized List<Entry> open() throws IOException {
        Cut current = cut.orElseThrow(() -> new IllegalStateException("there is no cut of the store"));
        try {
            return List.of(current.entry());
        } catch (SQLException e) {
            throw new IOException(database.failure("could not be copied for a snapshot", e));
        }
    }

    synchronized void release() {
        prepared.ifPresent(this::release);
        cut.ifPresent(this::release);
        prepared = Optional.empty();
        cut = Optional.empty();
    }

    private void release(Cut held) {
        try {
            held.release();
        } catch (IOException | SQLException e) {
            LOG.warn("Letting go of a snapshot of {}", database.file(), e);
        }
    }
}
