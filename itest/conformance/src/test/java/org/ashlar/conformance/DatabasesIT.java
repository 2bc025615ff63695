package org.ashlar.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.codec.KvAction;
import org.ashlar.codec.SqliteAction;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Databases of packages, through {@code kv:distro:sys} and {@code sqlite:distro:sys} (reference-modules 4). */
class DatabasesIT extends OnOneNode {
    private static final String OK = "\"Ok\"";
    private static final String NO_READ_CAP = "{\"Err\":\"NoReadCap\"}";
    private static final String NO_WRITE_CAP = "{\"Err\":\"NoWriteCap\"}";
    private static final String MISMATCHING = "{\"Err\":\"MismatchingPackageId\"}";
    private static final String KEY_NOT_FOUND = "{\"Err\":\"KeyNotFound\"}";
    private static final String ROOT = "{\"root\":true}";

    private static int count;
    private Service kv;
    private Service sqlite;
    private Service vfs;
    private Probe p;
    private Probe foreigner;
    /** A database of the package of {@link #p}, not opened yet. */
    private DatabaseKey db;

    @BeforeEach
    void twoProcesses() {
        kv = Service.of("kv:distro:sys", t);
        sqlite = Service.of("sqlite:distro:sys", t);
        vfs = Service.of("vfs:distro:sys", t);
        db = new DatabaseKey(TestNode.PACKAGE, "db" + count++);
        p = node.probe("p").holding(kv.messaging(), sqlite.messaging(), vfs.messaging()).running();
        foreigner = node.probe(ProcessId.of("foreigner" + count, PackageId.parse("foreign:tester.os")))
                .holding(kv.messaging(), sqlite.messaging(), vfs.messaging()).running();
    }

    private String ask(Probe guest, KvAction action) {
        return kv.ask(guest, DatabaseRequest.encode(db, action)).text();
    }

    private String set(Optional<Long> transaction) {
        return kv.ask(p, DatabaseRequest.encode(db, new KvAction.Set(key(), transaction)), "value").text();
    }

    private String value() {
        return kv.ask(p, DatabaseRequest.encode(db, new KvAction.Get(key()))).blob().orElseThrow();
    }

    private static byte[] key() {
        return "key".getBytes(StandardCharsets.UTF_8);
    }

    private static String noTransaction(long id) {
        return "{\"Err\":{\"NoTx\":" + Long.toUnsignedString(id) + "}}";
    }

    private static long begun(Service.Told told) {
        return ((DatabaseResponse.Begun) DatabaseResponse.parse(told.body())).transaction();
    }

    private String ask(Probe guest, SqliteAction action) {
        return sqlite.ask(guest, DatabaseRequest.encode(db, action)).text();
    }

    private String write(String sql) {
        return ask(p, new SqliteAction.Write(sql, Optional.empty()));
    }

    private String rows(String sql) {
        return sqlite.ask(p, DatabaseRequest.encode(db, new SqliteAction.Query(sql))).blob().orElseThrow();
    }

    @Test
    @DisplayName("M55 A process reads a database of its package only once it has opened it")
    void m55_whoOpensMayRead() {
        assertEquals(NO_READ_CAP, ask(p, new KvAction.Get(key())));
        assertEquals(OK, ask(p, new KvAction.Open()));
        assertEquals(KEY_NOT_FOUND, ask(p, new KvAction.Get(key())));
        assertEquals(OK, set(Optional.empty()));
        assertEquals("value", value());
    }

    @Test
    @DisplayName("M56 A database of another package cannot be opened or removed")
    void m56_onlyTheOwnerOpens() {
        assertEquals(MISMATCHING, ask(foreigner, new KvAction.Open()));
        assertEquals(MISMATCHING, ask(foreigner, new KvAction.RemoveDb()));
        assertEquals(MISMATCHING, ask(foreigner, new SqliteAction.Open()));
    }

    @Test
    @DisplayName("M57 What is set in a transaction is found when it is committed, which happens once")
    void m57_aTransactionCountsWhenCommitted() {
        ask(p, new KvAction.Open());
        long transaction = begun(kv.ask(p, DatabaseRequest.encode(db, new KvAction.BeginTx())));
        assertEquals(OK, set(Optional.of(transaction)));
        assertEquals(KEY_NOT_FOUND, ask(p, new KvAction.Get(key())));
        assertEquals(OK, ask(p, new KvAction.Commit(transaction)));
        assertEquals("value", value());
        assertEquals(noTransaction(transaction), ask(p, new KvAction.Commit(transaction)));
    }

    @Test
    @DisplayName("M58 Set without a blob is malformed")
    void m58_setNeedsABlob() {
        ask(p, new KvAction.Open());
        assertEquals("{\"Err\":\"MalformedRequest\"}", ask(p, new KvAction.Set(key(), Optional.empty())));
    }

    @Test
    @DisplayName("M59 A removed database does not exist until it is opened again, and Get says so")
    void m59_aRemovedDatabaseDoesNotExist() {
        ask(p, new KvAction.Open());
        set(Optional.empty());
        assertEquals(OK, ask(p, new KvAction.RemoveDb()));
        assertEquals("{\"Err\":{\"NoDb\":" + db + "}}", ask(p, new KvAction.Get(key())));
        assertEquals(OK, ask(p, new KvAction.Open()));
        assertEquals(KEY_NOT_FOUND, ask(p, new KvAction.Get(key())));
    }

    @Test
    @DisplayName("M60 A query that does not begin with a word of reading is refused, and a statement that does not begin with one of writing")
    void m60_theFirstWordDecides() {
        ask(p, new SqliteAction.Open());
        assertEquals("{\"Err\":\"NotAReadKeyword\"}", ask(p, new SqliteAction.Query("DELETE FROM t")));
        assertEquals("{\"Err\":\"NotAWriteKeyword\"}", write("SELECT 1"));
    }

    @Test
    @DisplayName("M61 A text that is valid Base64 is stored as bytes, any other as text; {\"text\": …} and {\"blob\": …} say which")
    void m61_parametersAreTyped() {
        ask(p, new SqliteAction.Open());
        write("create table t (v)");
        for (String parameters : new String[] {"[\"hello!\"]", "[\"test\"]", "[{\"text\":\"test\"}]", "[{\"blob\":\"test\"}]"}) {
            assertEquals(OK, sqlite.ask(p, DatabaseRequest.encode(db, new SqliteAction.Write("insert into t values (?)",
                    Optional.empty())), parameters).text());
        }
        assertEquals("[{\"t\":\"text\",\"h\":\"68656C6C6F21\"},{\"t\":\"blob\",\"h\":\"B5EB2D\"},"
                + "{\"t\":\"text\",\"h\":\"74657374\"},{\"t\":\"blob\",\"h\":\"B5EB2D\"}]", rows("select typeof(v) as t, hex(v) as h from t"));
    }

    @Test
    @DisplayName("M62 Tables of another package are read and written only with the capability of the database")
    void m62_sqliteChecksCapabilities() {
        ask(p, new SqliteAction.Open());
        write("create table t (v)");
        assertEquals(NO_READ_CAP, ask(foreigner, new SqliteAction.Query("select * from t")));
        assertEquals(NO_WRITE_CAP, ask(foreigner, new SqliteAction.Write("insert into t values (1)", Optional.empty())));
        assertEquals(NO_WRITE_CAP, ask(foreigner, new SqliteAction.BeginTx()));
        Probe reader = node.probe(ProcessId.of("reader" + count, PackageId.parse("foreign:tester.os")))
                .holding(sqlite.messaging(), sqlite.issues("{\"db_key\":" + db + ",\"kind\":\"read\"}")).running();
        assertEquals("\"Read\"", ask(reader, new SqliteAction.Query("select * from t")));
        assertEquals(NO_WRITE_CAP, ask(reader, new SqliteAction.Write("insert into t values (1)", Optional.empty())));
    }

    @Test
    @DisplayName("M63 A transaction in which a statement fails leaves nothing, and is over")
    void m63_aTransactionIsAllOrNothing() {
        ask(p, new SqliteAction.Open());
        write("create table t (v)");
        long transaction = begun(sqlite.ask(p, DatabaseRequest.encode(db, new SqliteAction.BeginTx())));
        assertEquals(OK, ask(p, new SqliteAction.Write("insert into t values (1)", Optional.of(transaction))));
        assertEquals(OK, ask(p, new SqliteAction.Write("insert into none values (1)", Optional.of(transaction))));
        String failed = ask(p, new SqliteAction.Commit(transaction));
        assertTrue(failed.startsWith("{\"Err\":{\"RusqliteError\":"), failed);
        assertEquals("[]", rows("select * from t"));
        assertEquals(noTransaction(transaction), ask(p, new SqliteAction.Commit(transaction)));
    }

    @Test
    @DisplayName("K70 A package uses its own drives and databases; those of others only with a capability, all drives with the root one")
    void k70_packagesAreApartFromEachOther() {
        String drive = "/" + TestNode.PACKAGE + "/k70-" + count;
        assertEquals(OK, vfs.ask(p, new VfsRequest(drive, new VfsAction.CreateDrive()).encode()).text());
        assertEquals(NO_READ_CAP, vfs.ask(foreigner, new VfsRequest(drive, new VfsAction.ReadDir()).encode()).text());
        assertEquals(NO_WRITE_CAP, vfs.ask(foreigner, new VfsRequest(drive + "/x", new VfsAction.CreateFile()).encode()).text());
        Probe root = node.probe(ProcessId.of("root" + count, PackageId.parse("foreign:tester.os")))
                .holding(vfs.messaging(), vfs.issues(ROOT)).running();
        assertEquals(OK, vfs.ask(root, new VfsRequest(drive + "/x", new VfsAction.CreateFile()).encode()).text());
        assertEquals(MISMATCHING, ask(foreigner, new KvAction.Open()));
        ask(p, new SqliteAction.Open());
        assertEquals(NO_WRITE_CAP, ask(foreigner, new SqliteAction.Write("create table t (v)", Optional.empty())));
    }
}
