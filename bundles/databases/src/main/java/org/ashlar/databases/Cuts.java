package org.ashlar.databases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.codec.DatabaseKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot of all databases that is under way, if any. At the cut no change runs, and a read transaction is begun on
 * each database that is open; on the others before they change for the first time. From it SQLite's backup writes a
 * complete database file.
 */
final class Cuts {
    private static final Logger LOG = LoggerFactory.getLogger(Cuts.class);

    private final Databases databases;
    private final Path folder;
    /** Held for reading while something changes; a cut comes to rest by holding it for writing. */
    private final ReentrantReadWriteLock changing = new ReentrantReadWriteLock();
    private boolean prepared;
    /** Guarded by this: the databases of the cut. */
    private Optional<Map<DatabaseKey, Kept>> cut = Optional.empty();

    /** Some change. */
    interface Change<T> {
        T run() throws IOException, SQLException, Refusal;
    }

    /** One database as it was at the cut. Guarded by itself. */
    private static final class Kept {
        /** Whether a change of the database does no more harm to it. */
        private volatile boolean fixed;
        private Connection transaction;
        private Path copy;
    }

    /** @param folder where copies are written */
    Cuts(Databases databases, Path folder) {
        this.databases = databases;
        this.folder = folder;
    }

    /** Does something that a cut is either before or after. */
    <T> T change(Change<T> change) throws IOException, SQLException, Refusal {
        changing.readLock().lock();
        try {
            return change.run();
        } finally {
            changing.readLock().unlock();
        }
    }

    synchronized void prepare() {
        if (prepared || cut.isPresent()) {
            throw new IllegalStateException("a snapshot of the databases is under way");
        }
        prepared = true;
    }

    void cut(Barrier barrier, long millis) throws IOException {
        synchronized (this) {
            if (!prepared) {
                throw new IllegalStateException("the cut of the databases was not prepared");
            }
            prepared = false;
        }
        try {
            if (!changing.writeLock().tryLock(millis, TimeUnit.MILLISECONDS)) {
                throw new IOException("databases were being written for " + millis + " ms; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the databases", e);
        }
        try {
            barrier.await();
            fix();
        } finally {
            changing.writeLock().unlock();
        }
    }

    private synchronized void fix() throws IOException {
        Map<DatabaseKey, Kept> kept = new HashMap<>();
        databases.keys().forEach(key -> kept.put(key, new Kept()));
        cut = Optional.of(kept);
        try {
            for (DatabaseKey key : databases.open()) {
                before(key);
            }
        } catch (SQLException e) {
            release();
            throw new IOException("a database could not be fixed for a snapshot: " + e.getMessage(), e);
        }
    }

    /** Called before a database changes: keeps what it is at the cut. */
    void before(DatabaseKey key) throws SQLException {
        Optional<Kept> kept = kept(key);
        if (kept.isPresent() && !kept.get().fixed) {
            synchronized (kept.get()) {
                begin(key, kept.get());
            }
        }
    }

    private synchronized Optional<Kept> kept(DatabaseKey key) {
        return cut.map(all -> all.get(key));
    }

    private void begin(DatabaseKey key, Kept kept) throws SQLException {
        if (!kept.fixed) {
            kept.transaction = begin(key);
            kept.fixed = true;
        }
    }

    private Connection begin(DatabaseKey key) throws SQLException {
        Connection connection = OpenDatabase.connect(databases.file(key), databases.maxBytes(), false);
        try {
            OpenDatabase.execute(connection, "begin");
            // SQLite takes its snapshot at the first read, not at the beginning of the transaction.
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("select count(*) from sqlite_schema")) {
                result.next();
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Called before a database is removed: copies it, if the cut has it. */
    void beforeRemoval(DatabaseKey key) throws SQLException {
        if (kept(key).isPresent()) {
            copy(key);
        }
    }

    private Path copy(DatabaseKey key) throws SQLException {
        Kept kept = kept(key).orElseThrow(() -> new IllegalStateException("there is no cut of " + key));
        synchronized (kept) {
            if (kept.copy == null) {
                begin(key, kept);
                Path copy = folder.resolve("snapshot-" + UUID.randomUUID() + ".db");
                try (Statement statement = kept.transaction.createStatement()) {
                    statement.executeUpdate("backup to \"" + copy + '"');
                }
                kept.transaction.close();
                kept.transaction = null;
                kept.copy = copy;
            }
            return kept.copy;
        }
    }

    synchronized List<Entry> open() {
        List<Entry> entries = new ArrayList<>();
        cut.orElseThrow(() -> new IllegalStateException("there is no cut of the databases")).keySet()
                .forEach(key -> entries.add(new DatabaseFile(key)));
        return entries;
    }

    synchronized void release() {
        prepared = false;
        Map<DatabaseKey, Kept> all = cut.orElse(Map.of());
        cut = Optional.empty();
        for (Kept kept : all.values()) {
            letGo(kept);
        }
    }

    private static void letGo(Kept kept) {
        synchronized (kept) {
            try {
                if (kept.transaction != null) {
                    kept.transaction.close();
                }
                if (kept.copy != null) {
                    Files.deleteIfExists(kept.copy);
                }
            } catch (IOException | SQLException e) {
                LOG.warn("Letting go of a snapshot of a database", e);
            }
        }
    }

    private final class DatabaseFile implements Entry {
        private final DatabaseKey key;

        DatabaseFile(DatabaseKey key) {
            this.key = key;
        }

        @Override
        public String path() {
            return key.owner() + "/" + key.name() + '/' + key.name() + ".db";
        }

        @Override
        public InputStream read() throws IOException {
            try {
                return Files.newInputStream(copy(key));
            } catch (SQLException e) {
                throw new IOException("the database " + path() + " could not be copied for a snapshot: " + e.getMessage(), e);
            }
        }
    }
}
