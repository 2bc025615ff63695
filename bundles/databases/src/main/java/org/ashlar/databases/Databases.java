package org.ashlar.databases;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ashlar.api.store.StoreException;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.files.Durable;
import org.ashlar.files.FolderLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases of all packages; those used last are open. Where their files are {@link DatabaseFiles} knows.
 * <p>
 * Any thread that may do file I/O.
 */
final class Databases implements Closeable {
    /** Databases that are open at a time, and those in use beside. */
    static final int OPEN = 32;
    private static final Logger LOG = LoggerFactory.getLogger(Databases.class);

    private final Path folder;
    private final DatabaseFiles files;
    private final long maxBytes;
    private final List<String> schema;
    private final FolderLock lock;
    private final Cuts cuts;
    /** The one used longest ago first. Guarded by itself. */
    private final Map<DatabaseKey, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

    /** A database's place: held for reading by who uses it, for writing by who opens, closes or removes it. */
    private static final class Slot {
        private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
        private OpenDatabase open;
    }

    /** What is done with a database. */
    interface Use<T> {
        T run(OpenDatabase database) throws SQLException, Refusal;
    }

    /**
     * @param maxBytes most that one database may grow to
     * @param schema   statements that are carried out in a new database
     * @throws StoreException when the folder is in use or cannot be written
     */
    Databases(Path folder, long maxBytes, List<String> schema) {
        this.folder = folder;
        this.files = new DatabaseFiles(folder);
        this.maxBytes = maxBytes;
        this.schema = schema;
        try {
            Durable.createFolder(folder);
            lock = FolderLock.take(folder, FolderLock.PATIENCE);
        } catch (IOException e) {
            throw unusable(e);
        }
        try {
            cuts = new Cuts(this, files.begin());
        } catch (IOException e) {
            unlock();
            throw unusable(e);
        }
    }

    private StoreException unusable(IOException e) {
        return new StoreException("The databases in " + folder + " cannot be opened: " + e.getMessage()
                + " Check that the folder belongs to the user who runs the node, and that the disk has room.", e);
    }

    Cuts cuts() {
        return cuts;
    }

    /** Where a database is, whether or not there is one. */
    Path file(DatabaseKey key) {
        return files.file(key);
    }

    long maxBytes() {
        return maxBytes;
    }

    /** Makes a database unless there is one. */
    void create(DatabaseKey key) throws IOException, SQLException, Refusal {
        Slot slot = closed(key);
        try {
            if (!files.exists(key)) {
                files.requireRoom(key.owner());
                cuts.change(() -> {
                    files.make(key, made -> OpenDatabase.create(made, maxBytes, schema));
                    return null;
                });
            }
        } finally {
            slot.life.writeLock().unlock();
        }
    }

    <T> T read(DatabaseKey key, Use<T> use) throws IOException, SQLException, Refusal {
        Slot slot = held(key);
        try {
            return use.run(slot.open);
        } finally {
            slot.life.readLock().unlock();
        }
    }

    void write(DatabaseKey key, List<Step.Change> changes) throws IOException, SQLException, Refusal {
        Slot slot = held(key);
        try {
            slot.open.write(changes, work -> cuts.change(() -> {
                cuts.before(key);
                work.run();
                return null;
            }));
        } finally {
            slot.life.readLock().unlock();
        }
    }

    private Slot slot(DatabaseKey key) {
        synchronized (slots) {
            return slots.computeIfAbsent(key, k -> new Slot());
        }
    }

    /** A database's place, held for writing. */
    private Slot closed(DatabaseKey key) {
        forgetOldest();
        while (true) {
            Slot slot = slot(key);
            slot.life.writeLock().lock();
            if (slot == slot(key)) {
                return slot;
            }
            slot.life.writeLock().unlock(); // it was given up meanwhile, and there is another
        }
    }

    /** The open database, its place held for reading. */
    private Slot held(DatabaseKey key) throws IOException, SQLException, Refusal {
        while (true) {
            Slot slot = slot(key);
            slot.life.readLock().lock();
            if (slot.open != null) {
                return slot;
            }
            slot.life.readLock().unlock();
            slot = closed(key);
            try {
                if (!files.exists(key)) {
                    throw new Refusal(new DatabaseError.NoDb(key));
                }
                if (slot.open == null) {
                    slot.open = OpenDatabase.open(file(key), maxBytes);
                }
            } finally {
                slot.life.writeLock().unlock();
            }
        }
    }

    /** Before a place comes into being, whether or not there is a database: anyone may ask for any name. */
    private void forgetOldest() {
        synchronized (slots) {
            Iterator<Slot> oldest = slots.values().iterator();
            while (slots.size() > OPEN && oldest.hasNext()) {
                Slot slot = oldest.next();
                if (slot.life.writeLock().tryLock()) {
                    try {
                        close(slot);
                        oldest.remove();
                    } finally {
                        slot.life.writeLock().unlock();
                    }
                }
            }
        }
    }

    private static void close(Slot slot) {
        if (slot.open != null) {
            try {
                slot.open.close();
            } catch (SQLException e) {
                // All that was answered for is synced.
                LOG.warn("Closing a database", e);
            }
            slot.open = null;
        }
    }

    /** Removes a database; nothing happens when there is none. */
    void remove(DatabaseKey key) throws IOException, SQLException, Refusal {
        Slot slot = closed(key);
        try {
            if (files.hasFolder(key)) {
                Path gone = cuts.change(() -> {
                    cuts.beforeRemoval(key);
                    close(slot);
                    return files.moveAway(key);
                });
                Durable.deleteTree(gone);
            }
        } finally {
            slot.life.writeLock().unlock();
        }
    }

    /** All databases that there are. */
    List<DatabaseKey> keys() throws IOException {
        return files.keys();
    }

    /** How many places there are. */
    int places() {
        synchronized (slots) {
            return slots.size();
        }
    }

    @Override
    public void close() {
        cuts.release();
        synchronized (slots) {
            slots.values().forEach(slot -> {
                slot.life.writeLock().lock();
                try {
                    close(slot);
                } finally {
                    slot.life.writeLock().unlock();
                }
            });
        }
        unlock();
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("Letting go of the lock on {}", folder, e);
        }
    }
}
