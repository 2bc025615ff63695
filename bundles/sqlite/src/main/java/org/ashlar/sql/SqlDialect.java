package org.ashlar.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.codec.SqliteAction;
import org.ashlar.databases.Dialect;
import org.ashlar.databases.Refusal;
import org.ashlar.databases.Step;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/** Tables, by SQL (reference-modules 4.3). */
final class SqlDialect implements Dialect<SqliteAction> {
    private static final Optional<String> JSON = Optional.of("application/json");

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public List<String> schema() {
        return List.of("pragma user_version = 0"); // so that the file has a header
    }

    @Override
    public DatabaseRequest<SqliteAction> parse(byte[] body) {
        return DatabaseRequest.sqlite(body);
    }

    @Override
    public DatabaseError failed(String reason) {
        return new DatabaseError.SqlFailed(reason);
    }

    @Override
    public Step step(SqliteAction action, Optional<Blob> blob) throws Refusal, IOException {
        return switch (action) {
            case SqliteAction.Open open -> new Step.Open();
            case SqliteAction.RemoveDb remove -> new Step.Remove();
            case SqliteAction.BeginTx begin -> new Step.Begin();
            case SqliteAction.Commit(long transaction) -> new Step.Commit(transaction);
            case SqliteAction.Query(String sql) -> {
                Statements.checkRead(sql);
                yield query(sql, Parameters.of(blob));
            }
            case SqliteAction.Write(String sql, Optional<Long> transaction) ->
                    write(sql, Statements.checkWrite(sql), Parameters.of(blob), transaction);
        };
    }

    private static Step query(String sql, Parameters parameters) throws Refusal {
        return new Step.Read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                parameters.bind(statement);
                try (ResultSet result = statement.executeQuery()) {
                    return new Step.Found(new DatabaseResponse.Read(), Optional.of(Blob.of(JSON, Rows.json(result))));
                }
            }
        });
    }

    private static Step write(String sql, boolean alone, Parameters parameters, Optional<Long> transaction) {
        return new Step.Write(new Step.Change() {
            @Override
            public void run(Connection connection) throws SQLException, Refusal {
                SQLiteConnection limited = connection.unwrap(SQLiteConnection.class);
                // VACUUM attaches a file of its own for a while.
                limited.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, alone ? 1 : 0);
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    parameters.bind(statement);
                    statement.execute();
                    if (Statements.creates(sql)) {
                        requireNothingTemporary(connection);
                    }
                } finally {
                    limited.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
                }
            }

            @Override
            public boolean alone() {
                return alone;
            }
        }, sql.length() * 2L + parameters.weight() * 2, transaction);
    }

    /** However its name is written. What is refused here is rolled back. */
    private static void requireNothingTemporary(Connection connection) throws SQLException, Refusal {
        try (Statement statement = connection.createStatement();
                ResultSet made = statement.executeQuery("select 1 from sqlite_temp_schema limit 1")) {
            if (made.next()) {
                throw new Refusal(new DatabaseError.SqlFailed("temporary tables, views and triggers are not made: all processes"
                        + " share the connection"));
            }
        }
    }
}
