package org.ashlar.sqlite;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.ashlar.api.store.StoreException;
import org.ashlar.files.Durable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The file {@code state.db}: made, checked, opened.
 * <p>
 * A new database is prepared under another name and moved into place when it is complete, so a {@code state.db} that is
 * empty or not ours is damage, never a fresh start. Beside it lies a file that says that it has been made: without one, a
 * database that was deleted would come back empty.
 */
final class Database {
    /** Version of the layout; in the file as {@code user_version}. */
    static final int LAYOUT = 1;
    /** {@code ASHL}; in the file as {@code application_id}. */
    static final int APPLICATION = 0x4153484c;

    /** Where the header of a SQLite file (file format, section 1.3) has them. */
    private static final int HEADER = 100;
    private static final int LAYOUT_AT = 60;
    private static final int APPLICATION_AT = 68;

    private static final int BUSY_MILLIS = 10_000;
    /** The write-ahead log is cut back to this many bytes once it has been copied into the database. */
    private static final int LOG_BYTES = 64 << 20;

    private static final String RESTORE = " Nothing was changed. Stop the node, move the folder of the store away and put"
            + " it back from a backup; to save what can be read without one, use the recover command of the sqlite3 tool.";

    private final Path file;
    private final Path made;

    Database(Path folder) {
        NativeLibrary.load();
        file = folder.resolve("state.db");
        made = folder.resolve("state.db.made");
    }

    Path file() {
        return file;
    }

    /** Makes the database if there is none, and checks the one there is. @throws StoreException when it is not usable */
    void prepare() throws IOException {
        if (!Files.exists(file)) {
            refuseLost();
            create();
        }
        checkHeader();
        try (Connection connection = connect(false)) {
            check(connection);
        } catch (SQLException e) {
            throw failure("cannot be opened", e);
        }
        if (!Files.exists(made)) {
            Durable.write(made, new byte[0]);
        }
    }

    /** A log without its database says the same as {@link #made}. */
    private void refuseLost() {
        if (Files.exists(made) || Files.exists(file.resolveSibling(file.getFileName() + "-wal"))) {
            throw new StoreException("The store " + file + " is damaged: the file is gone." + RESTORE
                    + " To begin without all that the node kept, empty the folder.");
        }
    }

    private void create() throws IOException {
        Path fresh = file.resolveSibling("state.new.db");
        for (String suffix : new String[] {"", "-journal", "-wal", "-shm"}) {
            Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + suffix));
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SynchronousMode.FULL);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + fresh);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma application_id = " + APPLICATION);
            statement.execute("pragma user_version = " + LAYOUT);
            // Keys are blobs, so that their order is that of their UTF-8 bytes.
            statement.execute("create table entries (tab text not null, key blob not null, value blob not null,"
                    + " primary key (tab, key)) without rowid");
        } catch (SQLException e) {
            throw failure("cannot be made", e);
        }
        Durable.move(fresh, file);
    }

    /** Looks at the file itself, because SQLite would fill an empty one and roll forward a foreign one. */
    private void checkHeader() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        try (FileChannel channel = FileChannel.open(file, READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // reads on until the header is complete or the file ends
            }
        }
        if (header.hasRemaining() || header.getInt(APPLICATION_AT) != APPLICATION) {
            throw new StoreException("The file " + file + " is not a store of Ashlar, or its beginning is damaged."
                    + RESTORE);
        }
        int layout = header.getInt(LAYOUT_AT);
        if (layout > LAYOUT) {
            throw new StoreException("The store " + file + " has the layout version " + layout + ", and this version of"
                    + " Ashlar reads up to " + LAYOUT + ". Start the version that wrote it, or a newer one.");
        }
    }

    private void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("pragma quick_check(1)")) {
            String verdict = result.getString(1);
            if (!verdict.equals("ok")) {
                throw new StoreException("The store " + file + " is damaged: " + verdict.lines().findFirst().orElse("?")
                        + '.' + RESTORE);
            }
        }
    }

    /** A new connection. The caller closes it. */
    Connection connect(boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // No CREATE: a database that vanished must not come back empty.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(LOG_BYTES);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        if (readOnly) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma query_only = on");
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    /** What went wrong and what to do about it. */
    StoreException failure(String what, SQLException e) {
        String advice = switch (code(e)) {
            case SQLITE_FULL -> "the disk is full. Make room; the store goes on by itself then.";
            case SQLITE_CORRUPT, SQLITE_NOTADB -> "it is damaged (" + e.getMessage() + ")." + RESTORE;
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY -> "it cannot be opened for writing. Check that the folder"
                    + " and all files in it belong to the user who runs the node.";
            case SQLITE_BUSY, SQLITE_LOCKED -> "another program holds it open. Close that.";
            default -> e.getMessage();
        };
        return new StoreException("The store " + file + ' ' + what + ": " + advice, e);
    }

    /** The primary result code: extended ones carry it in their low byte. */
    static SQLiteErrorCode code(SQLException e) {
        return e instanceof SQLiteException sqlite ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    /** Whether the operating system could not say that what was written is on disk. */
    static boolean syncFailed(SQLException e) {
        return e instanceof SQLiteException sqlite && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_FSYNC
                || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC);
    }

    StoreException closed() {
        return new StoreException("The store " + file + " is closed.");
    }
}
