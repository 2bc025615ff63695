package org.ashlar.databases;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.store.Snapshotable.Version;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.files.ChangeTimes;

/**
 * Tells whether a database is what it was at an earlier cut, by when its files last changed. Every commit writes to the log
 * beside the database, and what is in the log is written to the database before the log goes; so as long as the later of the
 * two times is equal, nothing was committed. The index of the log, {@code -shm}, has no content of its own, nor has an empty
 * log: opening a database makes both.
 */
final class Versions {
    private static final Instant NEVER = Instant.EPOCH;

    private final Path folder;
    /** What is asked only once of each version. */
    private final Map<DatabaseKey, Seen> known = new HashMap<>();
    private Instant now = NEVER;

    /** @param bytes how large a copy of the database is */
    record Seen(Version version, long bytes) { }

    /** Finds out how large a copy is. */
    interface Size {
        long bytes() throws SQLException;
    }

    /** @param folder on the file system of the databases; a file is made there for a moment */
    Versions(Path folder) {
        this.folder = folder;
    }

    /** What changes from here on has no version. */
    synchronized void look() throws IOException {
        try {
            now = ChangeTimes.now(folder);
        } catch (UnsupportedOperationException e) {
            now = NEVER; // nothing has
        }
    }

    synchronized void forgetAllBut(Set<DatabaseKey> present) {
        known.keySet().retainAll(present);
    }

    /** Empty when it changed just now, or the file system does not tell: then it is read. While nothing changes the database. */
    synchronized Optional<Seen> of(DatabaseKey key, Path file, Size size) {
        try {
            Version version = new Version(changed(file), (long) Files.getAttribute(file, "unix:ino", NOFOLLOW_LINKS));
            if (!version.changed().isBefore(now.minus(ChangeTimes.GRAIN))) {
                return Optional.empty();
            }
            Seen before = known.get(key);
            if (before == null || !before.version().equals(version)) {
                known.put(key, new Seen(version, size.bytes()));
            }
            return Optional.of(known.get(key));
        } catch (IOException | SQLException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** The log first: when it goes in between, the database shows it. */
    private static Instant changed(Path file) throws IOException {
        Instant logged = logged(file.resolveSibling(file.getFileName() + "-wal"));
        Instant changed = ChangeTimes.of(file);
        return logged.isAfter(changed) ? logged : changed;
    }

    /** When it was last written: SQLite, run by root, changes its owner, and so its other time, whenever it opens it. */
    private static Instant logged(Path log) throws IOException {
        try {
            return Files.size(log) == 0 ? NEVER : Files.getLastModifiedTime(log, NOFOLLOW_LINKS).toInstant();
        } catch (NoSuchFileException e) {
            return NEVER;
        }
    }
}
