package org.ashlar.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseError.Plain;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.codec.SqliteAction;
import org.ashlar.databases.DatabaseService;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables: what is carried out, what is not, and how values travel. */
class SqliteTest {
    private static final String OWN = "main:chat:alice.os";
    private static final DatabaseKey DB = new DatabaseKey(PackageId.parse("chat:alice.os"), "db");
    private static final DatabaseResponse OK = new DatabaseResponse.Done();

    @TempDir
    Path home;
    @TempDir
    Path outside;
    private DatabaseService<SqliteAction> sqlite;

    @BeforeEach
    void open() {
        sqlite = new DatabaseService<>(home, new SqlDialect(), 8 << 20, new Providers<>());
        ask(new SqliteAction.Open());
        assertEquals(OK, write("create table t (a, b)"));
    }

    @AfterEach
    void close() {
        sqlite.close();
    }

    private RecordedReply.Outcome.Answered answer(SqliteAction action, Optional<String> parameters) {
        RecordedReply reply = new RecordedReply();
        for (String kind : List.of("read", "write")) {
            reply.holding(new Capability(Address.parse("a.os@sqlite:distro:sys"), "{\"kind\":\"" + kind + "\",\"db_key\":" + DB + "}"));
        }
        sqlite.handle(RecordedReply.request(OWN, "sqlite:distro:sys", DatabaseRequest.encode(DB, action),
                parameters.map(text -> Blob.of(text.getBytes(UTF_8)))), reply);
        return reply.answer();
    }

    private DatabaseResponse ask(SqliteAction action) {
        return DatabaseResponse.parse(answer(action, Optional.empty()).response().body());
    }

    private DatabaseResponse write(String sql) {
        return ask(new SqliteAction.Write(sql, Optional.empty()));
    }

    private DatabaseResponse write(String sql, String parameters) {
        return DatabaseResponse.parse(answer(new SqliteAction.Write(sql, Optional.empty()), Optional.of(parameters)).response().body());
    }

    private String rows(String sql) throws IOException {
        RecordedReply.Outcome.Answered answer = answer(new SqliteAction.Query(sql), Optional.empty());
        assertEquals("\"Read\"", new String(answer.response().body(), UTF_8));
        return new String(answer.blob().orElseThrow().bytes(), UTF_8);
    }

    private static void fails(String text, DatabaseResponse answer) {
        String error = assertInstanceOf(DatabaseError.SqlFailed.class, ((DatabaseResponse.Err) answer).error()).error();
        assertTrue(error.contains(text), error);
    }

    @Test
    void valuesTravelWithTheirTypes() throws Exception {
        assertEquals(OK, write("insert into t values (?, ?)", "[1, 2.5]"));
        assertEquals(OK, write("insert into t values (?, ?)", "[\"hello!\", \"test\"]"));
        assertEquals(OK, write("insert into t values (?, ?)", "[{\"text\":\"test\"}, {\"blob\":\"AAE=\"}]"));
        assertEquals(OK, write("insert into t values (?, ?)", "[true, null]"));
        assertEquals(OK, write("insert into t values (?, ?)", "[18446744073709551615, -9223372036854775808]"));
        assertEquals(OK, write("insert into t values (?, ?)", "[\"\", {\"blob\":\"\"}]"));
        assertEquals("[{\"a\":\"integer\",\"b\":\"real\"},{\"a\":\"text\",\"b\":\"blob\"},{\"a\":\"text\",\"b\":\"blob\"},"
                + "{\"a\":\"integer\",\"b\":\"null\"},{\"a\":\"real\",\"b\":\"integer\"},{\"a\":\"text\",\"b\":\"blob\"}]",
                rows("select typeof(a) as a, typeof(b) as b from t"));
        assertEquals("[{\"a\":1,\"b\":2.5},{\"a\":\"hello!\",\"b\":\"test\"},{\"a\":\"test\",\"b\":\"AAE=\"},{\"a\":1,\"b\":null},"
                + "{\"a\":1.8446744073709552E19,\"b\":-9223372036854775808},{\"a\":\"\",\"b\":\"\"}]", rows("select * from t"));
        assertEquals("[{\"x\":null}]", rows("select 9e999 as x"));
        assertEquals("[{\"x\":2}]", rows("select 1 as x, 2 as x"));
        assertEquals("[]", rows("select * from t where a = 'none'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "7", "[[1]]", "[{\"text\":1}]", "[{\"blob\":\"?\"}]", "[{\"a\":\"b\"}]", "[1", ""})
    void parametersThatAreNoneAreRefused(String parameters) {
        assertEquals(new DatabaseResponse.Err(Plain.INVALID_PARAMETERS), write("insert into t values (?, 1)", parameters));
    }

    @Test
    void parametersMustBeAsManyAsTheStatementHas() {
        fails("2 parameters", write("insert into t values (?, ?)", "[1]"));
        fails("2 parameters", write("insert into t values (?, ?)"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM t|NotAReadKeyword", "insert into t values (1,2)|NotAReadKeyword", "|NotAReadKeyword",
        "ATTACH '/x' AS x|RusqliteError", "begin|RusqliteError", "/* c */ savepoint s|RusqliteError",
        "PRAGMA query_only = 0|RusqliteError", "pragma query_only(0)|RusqliteError", "pragma/**/query_only=0|RusqliteError", "pragma query_only/**/(0)|RusqliteError", "pragma journal_mode|RusqliteError",
        "pragma writable_schema=on|RusqliteError", "pragma user_version = 7|RusqliteError",
        "with x as (select 1) delete from t|RusqliteError", "select 1; select 2|RusqliteError", "select * from none|RusqliteError",
        "select load_extension('x')|RusqliteError", "with|RusqliteError"})
    void whatIsNoQueryIsNotCarriedOut(String sql, String error) throws Exception {
        write("insert into t values (1, 2)");
        byte[] body = answer(new SqliteAction.Query(sql == null ? "" : sql), Optional.empty()).response().body();
        assertTrue(new String(body, UTF_8).contains(error), new String(body, UTF_8));
        assertEquals("[{\"n\":1}]", rows("select count(*) as n from t"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SELECT 1|NotAWriteKeyword", "pragma user_version=1|NotAWriteKeyword", "commit|RusqliteError", "DETACH x|RusqliteError",
        "create temp table x (a)|RusqliteError", "create/**/temp table x (a)|RusqliteError", "CREATE TEMPORARY TABLE x (a)|RusqliteError", "delete from t; delete from t|RusqliteError",
        "insert into none values (1)|RusqliteError", "vacuum main into '/nowhere/x'|RusqliteError"})
    void whatIsNoStatementThatWritesIsNotCarriedOut(String sql, String error) {
        byte[] body = answer(new SqliteAction.Write(sql, Optional.empty()), Optional.empty()).response().body();
        assertTrue(new String(body, UTF_8).contains(error), new String(body, UTF_8));
    }

    @Test
    void noOtherFileIsReachedInWhateverWayItIsWritten() throws Exception {
        Path other = outside.resolve("other.db");
        for (String sql : List.of("vacuum into '" + other + "'", "VACUUM/**/INTO '" + other + "'", "vacuum main\ninto'" + other + "'")) {
            assertInstanceOf(DatabaseResponse.Err.class, write(sql), sql);
        }
        for (String sql : List.of("attach '" + other + "' as x", "/**/attach '" + other + "' as x", "explain attach '" + other + "' as x")) {
            DatabaseResponse answer = ask(new SqliteAction.Query(sql));
            assertTrue(answer instanceof DatabaseResponse.Err || answer instanceof DatabaseResponse.Read, sql);
        }
        assertTrue(Files.notExists(other));
        assertEquals(OK, write("vacuum"));
        assertEquals(OK, write(" VACUUM main ;"));
    }

    @Test
    void whatOnlyTellsSomethingIsCarriedOut() throws Exception {
        assertEquals("[{\"name\":\"a\"},{\"name\":\"b\"}]", rows("select name from pragma_table_info('t')"));
        assertTrue(rows("pragma table_info(t);").contains("\"name\":\"a\""));
        assertEquals("[{\"user_version\":0}]", rows("PRAGMA user_version"));
        assertEquals("[{\"column1\":1}]", rows("values (1);  -- that is all"));
        assertEquals("[{\"a\":1}]", rows("-- one\nselect(1)as a"));
        assertEquals("[{\"x\":\"a;b\"}]", rows("select 'a;b' as x"));
        assertTrue(rows("explain query plan select * from t").contains("SCAN t"));
        assertEquals(OK, write("create trigger r after insert on t begin delete from t where a = 1; delete from t where a = 2; end"));
    }

    @Test
    void aTransactionIsAllOrNothing() throws Exception {
        long first = ((DatabaseResponse.Begun) ask(new SqliteAction.BeginTx())).transaction();
        assertEquals(OK, ask(new SqliteAction.Write("insert into t values (1, 1)", Optional.of(first))));
        assertEquals("[]", rows("select * from t"));
        assertEquals(OK, ask(new SqliteAction.Commit(first)));
        assertEquals("[{\"a\":1,\"b\":1}]", rows("select * from t"));
        long second = ((DatabaseResponse.Begun) ask(new SqliteAction.BeginTx())).transaction();
        ask(new SqliteAction.Write("insert into t values (2, 2)", Optional.of(second)));
        ask(new SqliteAction.Write("insert into none values (3)", Optional.of(second)));
        fails("none", ask(new SqliteAction.Commit(second)));
        assertEquals("[{\"a\":1,\"b\":1}]", rows("select * from t"));
        assertEquals(new DatabaseResponse.Err(new DatabaseError.NoTx(second)), ask(new SqliteAction.Commit(second)));
    }

    @Test
    void foreignKeysHold() {
        write("create table parent (id integer primary key)");
        write("create table child (p integer references parent(id))");
        fails("FOREIGN KEY", write("insert into child values (1)"));
    }

    @Test
    void moreRowsThanTheBoundAreNotGiven() {
        byte[] body = answer(new SqliteAction.Query("with recursive n(i) as (select 1 union all select i + 1 from n limit 100002)"
                + " select i from n"), Optional.empty()).response().body();
        assertTrue(new String(body, UTF_8).contains("LIMIT"), new String(body, UTF_8));
    }

    /** Some pragmas act while a statement is prepared, explained or not. */
    @ParameterizedTest
    @ValueSource(strings = {"explain pragma query_only = 0", "explain query plan pragma query_only(0)", "EXPLAIN/**/PRAGMA query_only=off",
        "explain\uFEFFpragma query_only=0"})
    void whatIsExplainedChangesNothingForThoseWhoQueryNext(String sql) throws Exception {
        fails("", ask(new SqliteAction.Query(sql)));
        fails("readonly", ask(new SqliteAction.Query("with x as (select 1) insert into t values (1, 2) returning a")));
        assertEquals("[]", rows("select * from t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create temp table x (a)", "create table temp.t (a, b)", "create view \"temp\".t as select 1",
        "create trigger temp.r after insert on t begin delete from t; end", "create virtual table temp.t using fts5(a)"})
    void nothingTemporaryIsMadeThatOthersWouldMeetOnTheConnection(String sql) throws Exception {
        fails("", write(sql));
        assertEquals(OK, write("insert into t values (1, 2)"));
        assertEquals("[{\"a\":1,\"b\":2}]", rows("select * from t"));
    }

    @Test
    void aFullDatabaseSaysSo() throws Exception {
        fails("quota is 8388608", write("insert into t values (1, zeroblob(9000000))"));
        assertEquals("[]", rows("select * from t"));
    }
}
