package org.ashlar.databases;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteOpenMode;

/**
 * A database file that is open: one connection that writes, one that reads. What was written is on disk when {@link #write}
 * returns (WAL, {@code synchronous=FULL}). A statement that takes longer than {@link #SECONDS} is interrupted.
 */
final class OpenDatabase implements AutoCloseable {
    /** Longest time for one Request, in seconds. */
    static final int SECONDS = 30;
    /** Longest text or blob, and longest statement, in bytes. */
    static final int MAX_VALUE = 64 << 20;
    static final int MAX_SQL = 1 << 20;

    private static final int PAGE_BYTES = 4096;
    private static final int LOG_BYTES = 16 << 20;
    private static final int BUSY_MILLIS = 10_000;
    /** Steps of SQLite's machine between two looks at the clock. */
    private static final int STEPS = 20_000;

    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final Connection writer;
    private final Connection reader;

    private OpenDatabase(Connection writer, Connection reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /** Opens a file that is there. @param maxBytes most that it may grow to */
    static OpenDatabase open(Path file, long maxBytes) throws SQLException {
        Connection writer = connect(file, maxBytes, false);
        try {
            Connection reader = connect(file, maxBytes, false);
            execute(reader, "pragma query_only = on");
            return new OpenDatabase(writer, reader);
        } catch (SQLException e) {
            writer.close();
            throw e;
        }
    }

    /** Makes a database file. */
    static void create(Path file, long maxBytes, List<String> schema) throws SQLException {
        try (Connection connection = connect(file, maxBytes, true)) {
            for (String statement : schema) {
                execute(connection, statement);
            }
        }
    }

    static Connection connect(Path file, long maxBytes, boolean create) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        if (!create) {
            // A database that vanished must not come back empty.
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        config.setPageSize(PAGE_BYTES);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(LOG_BYTES);
        config.enforceForeignKeys(true);
        config.setPragma(Pragma.MAX_PAGE_COUNT, Long.toString(Math.clamp(maxBytes / PAGE_BYTES, 1, 0xffff_fffeL)));
        // What is asked for comes from guests: no other file can be attached, no value is larger than a message.
        config.setPragma(Pragma.LIMIT_ATTACHED, "0");
        config.setPragma(Pragma.LIMIT_LENGTH, Integer.toString(MAX_VALUE));
        config.setPragma(Pragma.LIMIT_SQL_LENGTH, Integer.toString(MAX_SQL));
        return config.createConnection("jdbc:sqlite:" + file);
    }

    Step.Found read(Step.Query query) throws SQLException, Refusal {
        reading.lock();
        try {
            bound(reader);
            return query.run(reader);
        } finally {
            reading.unlock();
        }
    }

    /** Lets the one piece of work through that it is given, when it may begin. */
    interface Gate {
        void pass(Work work) throws IOException, SQLException, Refusal;
    }

    /** Some work. */
    interface Work {
        void run() throws SQLException, Refusal;
    }

    /** All of the changes or none; one after the other, and each through the gate once it is its turn. */
    void write(List<Step.Change> changes, Gate gate) throws IOException, SQLException, Refusal {
        writing.lock();
        try {
            gate.pass(() -> {
                bound(writer);
                if (changes.size() == 1 && changes.getFirst().alone()) {
                    changes.getFirst().run(writer);
                } else {
                    transaction(changes);
                }
            });
        } finally {
            writing.unlock();
        }
    }

    private void transaction(List<Step.Change> changes) throws SQLException, Refusal {
        execute(writer, "begin immediate");
        boolean done = false;
        try {
            for (Step.Change change : changes) {
                change.run(writer);
            }
            execute(writer, "commit");
            done = true;
        } finally {
            if (!done) {
                rollBack();
            }
        }
    }

    private void rollBack() {
        try {
            ProgressHandler.clearHandler(writer);
            execute(writer, "rollback");
        } catch (SQLException e) {
            return; // SQLite has rolled back by itself, as it does on some errors
        }
    }

    private static void bound(Connection connection) throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        ProgressHandler.setHandler(connection, STEPS, new ProgressHandler() {
            @Override
            protected int progress() {
                return System.nanoTime() - end > 0 ? 1 : 0;
            }
        });
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            reader.close();
        } finally {
            writer.close();
        }
    }
}
