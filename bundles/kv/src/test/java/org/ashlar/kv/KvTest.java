package org.ashlar.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseError.Plain;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.codec.KvAction;
import org.ashlar.databases.DatabaseService;
import org.ashlar.tck.RecordedReply;
import org.ashlar.tck.SnapshotableContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and values, and what all databases have in common: files, bounds, snapshots. */
class KvTest extends SnapshotableContract {
    private static final String OWN = "main:chat:alice.os";
    private static final DatabaseKey DB = key("db");
    private static final DatabaseResponse OK = new DatabaseResponse.Done();
    private static final long QUOTA = 8 << 20;

    @TempDir
    Path home;
    private DatabaseService<KvAction> kv;

    @BeforeEach
    void open() {
        kv = service();
        ask(DB, new KvAction.Open());
    }

    private DatabaseService<KvAction> service() {
        return new DatabaseService<>(home, new KvDialect(), QUOTA, new Providers<>());
    }

    @AfterEach
    void close() {
        kv.close();
    }

    private static DatabaseKey key(String name) {
        return new DatabaseKey(PackageId.parse("chat:alice.os"), name);
    }

    private RecordedReply.Outcome.Answered answer(String from, DatabaseKey db, KvAction action, Optional<byte[]> blob) {
        RecordedReply reply = new RecordedReply();
        for (String kind : List.of("read", "write")) {
            reply.holding(new Capability(Address.parse("a.os@kv:distro:sys"), "{\"kind\":\"" + kind + "\",\"db_key\":" + db + "}"));
        }
        kv.handle(RecordedReply.request(from, "kv:distro:sys", DatabaseRequest.encode(db, action), blob.map(Blob::of)), reply);
        return reply.answer();
    }

    private DatabaseResponse ask(String from, DatabaseKey db, KvAction action, Optional<byte[]> blob) {
        return DatabaseResponse.parse(answer(from, db, action, blob).response().body());
    }

    private DatabaseResponse ask(DatabaseKey db, KvAction action) {
        return ask(OWN, db, action, Optional.empty());
    }

    private DatabaseResponse set(String key, String value, Optional<Long> transaction) {
        return ask(OWN, DB, new KvAction.Set(key.getBytes(UTF_8), transaction), Optional.of(value.getBytes(UTF_8)));
    }

    private static KvAction get(String key) {
        return new KvAction.Get(key.getBytes(UTF_8));
    }

    private String value(String key) throws IOException {
        return new String(answer(OWN, DB, get(key), Optional.empty()).blob().orElseThrow().bytes(), UTF_8);
    }

    private static DatabaseResponse error(DatabaseError error) {
        return new DatabaseResponse.Err(error);
    }

    private long begin(String from) {
        return ((DatabaseResponse.Begun) ask(from, DB, new KvAction.BeginTx(), Optional.empty())).transaction();
    }

    private static void fails(String text, DatabaseResponse answer) {
        String error = assertInstanceOf(DatabaseError.IoError.class, ((DatabaseResponse.Err) answer).error()).error();
        assertTrue(error.contains(text), error);
    }

    @Test
    void whatIsSetIsFoundUntilItIsDeletedAlsoByASuccessor() throws Exception {
        assertEquals(OK, set("key", "value", Optional.empty()));
        assertEquals(OK, set("empty", "", Optional.empty()));
        kv.close();
        kv = service();
        assertEquals("value", value("key"));
        assertEquals("", value("empty"));
        assertEquals(new DatabaseResponse.Got("key".getBytes(UTF_8)), ask(DB, get("key")));
        assertEquals(OK, ask(DB, new KvAction.Delete("key".getBytes(UTF_8), Optional.empty())));
        assertEquals(OK, ask(DB, new KvAction.Delete("key".getBytes(UTF_8), Optional.empty())));
        assertEquals(error(Plain.KEY_NOT_FOUND), ask(DB, get("key")));
    }

    @Test
    void aTransactionIsSeenWhenItIsCommittedAndBelongsToItsProcess() throws Exception {
        long transaction = begin(OWN);
        assertEquals(OK, set("a", "1", Optional.of(transaction)));
        assertEquals(OK, set("b", "2", Optional.of(transaction)));
        assertEquals(error(Plain.KEY_NOT_FOUND), ask(DB, get("a")));
        assertEquals(error(new DatabaseError.NoTx(transaction)),
                ask("other:chat:alice.os", DB, new KvAction.Commit(transaction), Optional.empty()));
        ask(key("second"), new KvAction.Open());
        assertEquals(error(new DatabaseError.NoTx(transaction)), ask(key("second"), new KvAction.Commit(transaction)));
        assertEquals(OK, ask(DB, new KvAction.Commit(transaction)));
        assertEquals("1", value("a"));
        assertEquals("2", value("b"));
        assertEquals(error(new DatabaseError.NoTx(transaction)), ask(DB, new KvAction.Commit(transaction)));
        assertEquals(error(new DatabaseError.NoTx(7)), set("c", "3", Optional.of(7L)));
    }

    @Test
    void aProcessHasSoManyTransactionsAndNoMore() {
        for (int i = 0; i < 16; i++) {
            begin(OWN);
        }
        fails("16 transactions", ask(DB, new KvAction.BeginTx()));
        begin("other:chat:alice.os");
    }

    @Test
    void aRemovedDatabaseIsGoneUntilItIsOpenedAgain() {
        set("key", "value", Optional.empty());
        long transaction = begin(OWN);
        assertEquals(OK, ask(DB, new KvAction.RemoveDb()));
        assertTrue(Files.notExists(home.resolve("kv/chat:alice.os/db")));
        assertEquals(error(new DatabaseError.NoDb(DB)), ask(DB, get("key")));
        assertEquals(error(new DatabaseError.NoTx(transaction)), ask(DB, new KvAction.Commit(transaction)));
        ask(DB, new KvAction.Open());
        assertEquals(error(Plain.KEY_NOT_FOUND), ask(DB, get("key")));
    }

    @Test
    void aFullDatabaseSaysSoAndGoesOn() throws Exception {
        set("kept", "kept", Optional.empty());
        byte[] large = new byte[(int) QUOTA];
        DatabaseResponse refused = ask(OWN, DB, new KvAction.Set(new byte[] {1}, Optional.empty()), Optional.of(large));
        String reason = assertInstanceOf(DatabaseError.KvFailed.class, ((DatabaseResponse.Err) refused).error()).error();
        assertTrue(reason.contains("quota is " + QUOTA), reason);
        assertEquals("kept", value("kept"));
        assertEquals(OK, set("more", "more", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../db", ".hidden", "a/b", "a\u0000b", "ä"})
    void aNameThatIsNoneOfAFileIsRefused(String name) {
        fails("no name for a database", ask(key(name), new KvAction.Open()));
    }

    @Test
    void boundsAreKept() {
        fails("at most 65536", ask(DB, new KvAction.Get(new byte[65_537])));
        assertEquals(error(Plain.MALFORMED_REQUEST), ask(DB, new KvAction.Set(new byte[] {1}, Optional.empty())));
        for (int i = 1; i < 64; i++) {
            assertEquals(OK, ask(key("db" + i), new KvAction.Open()), "database " + i);
        }
        fails("has 64 databases", ask(key("one-more"), new KvAction.Open()));
        // More than are open at a time: all of them still answer.
        for (int i = 1; i < 64; i++) {
            assertEquals(error(Plain.KEY_NOT_FOUND), ask(key("db" + i), get("key")));
        }
    }

    @Test
    void othersAreRefused() {
        RecordedReply reply = new RecordedReply();
        kv.handle(RecordedReply.request(OWN, "kv:distro:sys", DatabaseRequest.encode(DB, get("key")), Optional.empty()), reply);
        assertEquals(error(Plain.NO_READ_CAP), DatabaseResponse.parse(reply.answer().response().body()));
        assertEquals(error(Plain.MISMATCHING_PACKAGE_ID), ask("x:other:bob.os", DB, new KvAction.Open(), Optional.empty()));
        assertEquals(error(Plain.MISMATCHING_PACKAGE_ID), ask("x:other:bob.os", DB, new KvAction.RemoveDb(), Optional.empty()));
    }

    @Test
    void aDepartedServiceHandsBack() {
        kv.close();
        RecordedReply reply = new RecordedReply();
        kv.handle(RecordedReply.request(OWN, "kv:distro:sys", DatabaseRequest.encode(DB, get("key")), Optional.empty()), reply);
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, reply.outcome());
        kv = service();
    }

    @Override
    protected Snapshotable part() {
        return kv;
    }

    @Override
    protected void write(int writer, long value) {
        DatabaseKey db = key("writer-" + writer % 8);
        String from = "writer-" + writer + ":chat:alice.os";
        ask(from, db, new KvAction.Open(), Optional.empty());
        DatabaseResponse done = ask(from, db, new KvAction.Set(("w" + writer).getBytes(UTF_8), Optional.empty()),
                Optional.of(Long.toString(value).getBytes(UTF_8)));
        assertEquals(OK, done);
    }

    @Override
    protected long[] read(List<Entry> entries, int writers) throws Exception {
        long[] values = new long[writers];
        AtomicInteger copies = new AtomicInteger();
        for (Entry entry : entries) {
            Path copy = home.resolve("copy-" + copies.incrementAndGet() + ".db");
            Files.deleteIfExists(copy);
            try (InputStream in = entry.read()) {
                Files.copy(in, copy);
            }
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                    var rows = connection.createStatement().executeQuery("select key, value from entries")) {
                while (rows.next()) {
                    String key = new String(rows.getBytes(1), UTF_8);
                    if (key.startsWith("w") && Integer.parseInt(key.substring(1)) < writers) {
                        values[Integer.parseInt(key.substring(1))] = Long.parseLong(new String(rows.getBytes(2), UTF_8));
                    }
                }
            }
        }
        return values;
    }

    @Test
    void aDatabaseRemovedAfterTheCutIsStillShown() throws Exception {
        write(0, 7);
        kv.prepare();
        kv.cut(Snapshotable.Barrier.NONE);
        ask(key("writer-0"), new KvAction.RemoveDb());
        ask(key("writer-0"), new KvAction.Open());
        write(0, 8);
        assertEquals(7, read(kv.open(), 1)[0]);
        kv.release();
        try (var left = Files.list(home.resolve("kv/.new"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
