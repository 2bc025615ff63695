package org.ashlar.databases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
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
import org.ashlar.api.store.Snapshotable.Version;
import org.ashlar.codec.DatabaseKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot of all databases that is under way, if any. At the cut no change runs; on each database a read transaction is
 * begun before it changes for the first time afterwards. From it SQLite's backup writes a complete database file. What
 * cannot be kept fails the snapshot, never the change.
 */
final class Cuts {
    private static final Logger LOG = LoggerFactory.getLogger(Cuts.class);

    private final Databases databases;
    private final Path folder;
    private final Versions versions;
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
        /** Whether a change of the database does no more harm to it, or nobody asks for it any more. */
        private volatile boolean fixed;
        private Optional<String> failed = Optional.empty();
        private Connection transaction;
        private Path copy;
        private Optional<Versions.Seen> seen = Optional.empty();
    }

    /** @param folder where copies are written */
    Cuts(Databases databases, Path folder) {
        this.databases = databases;
        this.folder = folder;
        this.versions = new Versions(folder);
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

    synchronized void prepare() throws IOException {
        if (prepared || cut.isPresent()) {
            throw new IllegalStateException("a snapshot of the databases is under way");
        }
        versions.look();
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
    }

    /** Called before a database changes: keeps what it is at the cut. */
    void before(DatabaseKey key) {
        kept(key).filter(kept -> !kept.fixed).ifPresent(kept -> fix(key, kept));
    }

    private synchronized Optional<Kept> kept(DatabaseKey key) {
        return cut.map(all -> all.get(key));
    }

    private void fix(DatabaseKey key, Kept kept) {
        synchronized (kept) {
            if (!kept.fixed) {
                try {
                    kept.transaction = begin(key);
                } catch (SQLException e) {
                    kept.failed = Optional.of(e.getMessage());
                }
                kept.fixed = true;
            }
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
    void beforeRemoval(DatabaseKey key) {
        kept(key).ifPresent(kept -> copy(key, kept));
    }

    /** Sets {@code copy}, or {@code failed}; neither when the snapshot was released meanwhile. */
    private void copy(DatabaseKey key, Kept kept) {
        fix(key, kept); // by itself: a change that waits for it does not wait for the copy
        synchronized (kept) {
            if (kept.transaction != null) {
                Path copy = folder.resolve("snapshot-" + UUID.randomUUID() + ".db");
                kept.copy = copy;
                try (Connection transaction = kept.transaction; Statement statement = transaction.createStatement()) {
                    statement.executeUpdate("backup to \"" + copy + '"');
                } catch (SQLException e) {
                    kept.failed = Optional.of(e.getMessage());
                }
                kept.transaction = null;
            }
        }
    }

    private InputStream read(DatabaseKey key) throws IOException {
        Kept kept = kept(key).orElseThrow(() -> new IllegalStateException("there is no cut of " + key));
        copy(key, kept);
        synchronized (kept) {
            if (kept.failed.isPresent()) {
                throw new IOException("the database " + key + " could not be copied for a snapshot: " + kept.failed.get());
            }
            if (kept.copy == null) {
                throw new IOException("the snapshot of the databases was released");
            }
            return Files.newInputStream(kept.copy);
        }
    }

    synchronized List<Entry> open() {
        List<Entry> entries = new ArrayList<>();
        Map<DatabaseKey, Kept> all = cut.orElseThrow(() -> new IllegalStateException("there is no cut of the databases"));
        versions.forgetAllBut(all.keySet());
        all.forEach((key, kept) -> entries.add(new DatabaseFile(key, seen(key, kept))));
        return entries;
    }

    /** What shows whether it is what it was at an earlier cut; nothing once it has changed. */
    private Optional<Versions.Seen> seen(DatabaseKey key, Kept kept) {
        synchronized (kept) {
            if (kept.seen.isEmpty() && !kept.fixed) {
                kept.seen = versions.of(key, databases.file(key), () -> bytes(key));
            }
            return kept.seen;
        }
    }

    /** How large a copy is. */
    private long bytes(DatabaseKey key) throws SQLException {
        try (Connection connection = begin(key); Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select page_count * page_size from pragma_page_count, pragma_page_size")) {
            return result.getLong(1);
        }
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
            kept.fixed = true; // who still waits for it begins no transaction any more, which nobody would end
            try {
                if (kept.transaction != null) {
                    kept.transaction.close();
                    kept.transaction = null;
                }
                if (kept.copy != null) {
                    Files.deleteIfExists(kept.copy);
                    kept.copy = null;
                }
            } catch (IOException | SQLException e) {
                LOG.warn("Letting go of a snapshot of a database", e);
            }
        }
    }

    private final class DatabaseFile implements Entry {
        private final DatabaseKey key;
        private final Optional<Versions.Seen> seen;

        DatabaseFile(DatabaseKey key, Optional<Versions.Seen> seen) {
            this.key = key;
            this.seen = seen;
        }

        @Override
        public long size() {
            return seen.map(Versions.Seen::bytes).orElse(0L);
        }

        @Override
        public Optional<Instant> modified() {
            return version().map(Version::changed);
        }

        @Override
        public Optional<Version> version() {
            return seen.map(Versions.Seen::version);
        }

        @Override
        public String path() {
            return key.owner() + "/" + key.name() + '/' + key.name() + ".db";
        }

        @Override
        public InputStream read() throws IOException {
            return Cuts.this.read(key);
        }
    }
}
