package org.ashlar.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.codec.SqliteAction;
import org.ashlar.databases.DatabaseService;
import org.ashlar.databases.Refusal;
import org.ashlar.files.Durable;
import org.ashlar.tck.RecordedReply;

/** Whatever a process calls a statement or its parameters: it gets an answer, a query changes nothing, and no other file comes to be. */
class StatementFuzzTest {
    private static final DatabaseKey DB = new DatabaseKey(PackageId.parse("chat:alice.os"), "db");

    private static final String ALL = "select * from t, sqlite_schema";

    /** The first line is the statement, the rest its parameters. */
    @FuzzTest
    void statement(byte[] input) throws IOException {
        String[] text = new String(input, UTF_8).split("\n", 2);
        Optional<String> parameters = text.length > 1 ? Optional.of(text[1]) : Optional.empty();
        Path home = Files.createTempDirectory("sql-fuzz");
        DatabaseService<SqliteAction> sqlite = new DatabaseService<>(home, new SqlDialect(), 1 << 20, new Providers<>());
        try {
            ask(sqlite, new SqliteAction.Open(), Optional.empty());
            ask(sqlite, new SqliteAction.Write("create table t (a, b)", Optional.empty()), Optional.empty());
            ask(sqlite, new SqliteAction.Write("insert into t values (1, 'x')", Optional.empty()), Optional.empty());
            Set<String> files = files(home);
            String before = rows(sqlite, ALL);
            ask(sqlite, new SqliteAction.Query(text[0]), parameters);
            assertEquals(before, rows(sqlite, ALL), "a query changed something");
            ask(sqlite, new SqliteAction.Write(text[0], Optional.empty()), parameters);
            assertEquals("[{\"x\":1}]", rows(sqlite, "select 1 as x"), "the next one is not served as before");
            assertEquals(files, files(home));
        } finally {
            sqlite.close();
            Durable.deleteTree(home);
        }
    }

    @FuzzTest
    void parameters(byte[] input) throws IOException {
        try {
            for (Object value : Parameters.of(Optional.of(Blob.of(input))).values()) {
                assertEquals(true, value == null || value instanceof Long || value instanceof Double || value instanceof String
                        || value instanceof byte[], () -> value.getClass().getName());
            }
        } catch (Refusal refused) {
            // the other permitted end
        }
    }

    private static String rows(DatabaseService<SqliteAction> sqlite, String query) throws IOException {
        RecordedReply.Outcome.Answered answer = answer(sqlite, new SqliteAction.Query(query), Optional.empty());
        return new String(answer.blob().orElseThrow().bytes(), UTF_8);
    }

    private static void ask(DatabaseService<SqliteAction> sqlite, SqliteAction action, Optional<String> parameters) {
        DatabaseResponse.parse(answer(sqlite, action, parameters).response().body());
    }

    private static RecordedReply.Outcome.Answered answer(DatabaseService<SqliteAction> sqlite, SqliteAction action, Optional<String> parameters) {
        RecordedReply reply = new RecordedReply();
        for (String kind : List.of("read", "write")) {
            reply.holding(new Capability(Address.parse("a.os@sqlite:distro:sys"), "{\"kind\":\"" + kind + "\",\"db_key\":" + DB + "}"));
        }
        sqlite.handle(RecordedReply.request("main:chat:alice.os", "sqlite:distro:sys", DatabaseRequest.encode(DB, action),
                parameters.map(text -> Blob.of(text.getBytes(UTF_8)))), reply);
        return reply.answer();
    }

    /** All but the files that SQLite keeps beside a database while it is open. */
    private static Set<String> files(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.map(path -> home.relativize(path).toString()).filter(name -> !name.matches(".*-(wal|shm|journal)"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
