package org.ashlar.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.ashlar.api.store.Snapshotable;

/**
 * A read transaction that keeps seeing the database as it was when it began. From it SQLite's backup writes a complete
 * database file, which can take the place of {@code state.db} in a restored home. Not for several threads at once.
 */
final class Cut {
    private final Connection connection;
    private final Path copy;
    private boolean copied;

    private Cut(Connection connection, Path copy) {
        this.connection = connection;
        this.copy = copy;
    }

    /** Prepares a connection; it sees nothing yet. */
    static Cut on(Database database) throws SQLException {
        return new Cut(database.connect(true), copyOf(database));
    }

    /** Where the copy for a snapshot lies. */
    static Path copyOf(Database database) {
        return database.file().resolveSibling("snapshot.db");
    }

    /** Fixes the instant. Called while no transaction is being written. */
    void fix() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin");
            // SQLite takes its snapshot at the first read, not at the beginning of the transaction.
            try (ResultSet result = statement.executeQuery("select count(*) from sqlite_schema")) {
                result.next();
            }
        }
    }

    /** The database as of the cut, as one file. */
    Snapshotable.Entry entry() throws IOException, SQLException {
        if (!copied) {
            Files.deleteIfExists(copy);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("backup to " + quoted(copy));
            }
            copied = true;
        }
        return new DatabaseFile(copy, Files.size(copy));
    }

    void release() throws IOException, SQLException {
        try {
            connection.close();
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static String quoted(Path path) {
        return '"' + path.toString() + '"';
    }

    private record DatabaseFile(Path copy, long size) implements Snapshotable.Entry {
        @Override
        public String path() {
            return "state.db";
        }

        @Override
        public InputStream read() throws IOException {
            return Files.newInputStream(copy);
        }
    }
}
