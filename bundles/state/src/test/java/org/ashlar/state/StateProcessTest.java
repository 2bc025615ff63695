package org.ashlar.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.store.StateStore;
import org.ashlar.codec.StateAction;
import org.ashlar.codec.StateResponse;
import org.ashlar.sqlite.SqliteStateStore;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateProcessTest {
    private static final ProcessId CHAT = ProcessId.parse("chat:chat:alice.os");
    private static final String TERMINAL = "m:terminal:sys";

    @TempDir
    Path home;
    private final StateProcess state = new StateProcess();
    private SqliteStateStore store;

    @BeforeEach
    void open() {
        store = new SqliteStateStore(home);
        state.addStore(store, Map.of());
    }

    @AfterEach
    void close() {
        state.close();
        store.close();
    }

    private RecordedReply.Outcome.Answered ask(StateAction action, Optional<Blob> blob) {
        RecordedReply reply = new RecordedReply();
        state.handle(RecordedReply.request(TERMINAL, "state:distro:sys", action.encode(), blob), reply);
        return reply.answer();
    }

    private StateResponse answer(StateAction action) {
        return StateResponse.parse(ask(action, Optional.empty()).response().body());
    }

    @Test
    void aStateIsSetReadAndDeleted() throws Exception {
        assertEquals(new StateResponse.Done("SetState"), StateResponse.parse(
                ask(new StateAction.SetState(CHAT), Optional.of(Blob.of(new byte[] {1, 2}))).response().body()));
        RecordedReply.Outcome.Answered read = ask(new StateAction.GetState(CHAT), Optional.empty());
        assertEquals("\"GetState\"", new String(read.response().body(), UTF_8));
        assertArrayEquals(new byte[] {1, 2}, read.blob().orElseThrow().bytes());
        assertEquals(Optional.of("application/octet-stream"), read.blob().orElseThrow().mime());
        assertEquals(new StateResponse.Done("DeleteState"), answer(new StateAction.DeleteState(CHAT)));
        assertEquals(new StateResponse.Done("DeleteState"), answer(new StateAction.DeleteState(CHAT)));
        assertEquals(new StateResponse.NotFound(CHAT), answer(new StateAction.GetState(CHAT)));
    }

    @Test
    void itIsTheStateThatTheKernelKeeps() {
        store.commit(List.of(StateStore.Change.put("state", CHAT.toString(), new byte[] {7})));
        assertEquals(new StateResponse.Done("GetState"), answer(new StateAction.GetState(CHAT)));
    }

    @Test
    void aStoreThatFailsAtItsFirstCallIsToldOfAndTheNextIsAsked() {
        List<Long> told = new ArrayList<>();
        state.addProviderWatch((bundle, why) -> told.add(bundle));
        state.addStore(broken(), Map.of("service.bundleid", 7L));
        store.commit(List.of(StateStore.Change.put("state", CHAT.toString(), new byte[] {7})));
        assertEquals(new StateResponse.Done("GetState"), answer(new StateAction.GetState(CHAT)));
        assertEquals(List.of(7L), told);
    }

    private static StateStore broken() {
        return (StateStore) Proxy.newProxyInstance(StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class},
                (proxy, method, arguments) -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                });
    }

    @Test
    void aBlobInAFileIsTakenToo() throws Exception {
        Path file = Files.write(home.resolve("blob"), new byte[] {3});
        ask(new StateAction.SetState(CHAT), Optional.of(Blob.of(Optional.empty(), file)));
        assertArrayEquals(new byte[] {3}, ask(new StateAction.GetState(CHAT), Optional.empty()).blob().orElseThrow().bytes());
    }

    @Test
    void settingWithoutABlobIsRefused() {
        assertEquals(new StateResponse.BadBytes("SetState"), answer(new StateAction.SetState(CHAT)));
    }

    @Test
    void aBackupSaysWhereBackupsAreMade() {
        assertInstanceOf(StateResponse.IoError.class, answer(new StateAction.Backup()));
    }

    @Test
    void whatIsNoActionIsRefusedWithTheReason() {
        RecordedReply reply = new RecordedReply();
        state.handle(RecordedReply.request(TERMINAL, "state:distro:sys", "{\"GetState\":\"chat\"}".getBytes(UTF_8),
                Optional.empty()), reply);
        StateResponse answer = StateResponse.parse(reply.answer().response().body());
        assertTrue(assertInstanceOf(StateResponse.BadJson.class, answer).error().contains("too few parts"));
    }

    @Test
    void onlyTheNodesOwnPackagesAreServed() {
        for (String from : new String[] {"chat:chat:alice.os", "x:distro:alice.os", "x:terminal:alice.os", "x:other:sys"}) {
            RecordedReply reply = new RecordedReply();
            state.handle(RecordedReply.request(from, "state:distro:sys", new StateAction.GetState(CHAT).encode(),
                    Optional.empty()), reply);
            assertTrue(reply.isOpen(), from);
        }
        RecordedReply reply = new RecordedReply();
        state.handle(new Envelope(1, Address.parse("b.os@m:terminal:sys"), Address.parse("a.os@state:distro:sys"),
                Optional.empty(), Request.of(new StateAction.GetState(CHAT).encode()).expecting(5), Optional.empty()), reply);
        assertTrue(reply.isOpen());
    }

    @Test
    void metadataComesBack() {
        RecordedReply reply = new RecordedReply();
        state.handle(new Envelope(1, Address.parse("a.os@m:terminal:sys"), Address.parse("a.os@state:distro:sys"),
                Optional.empty(), Request.of(new StateAction.GetState(CHAT).encode()).expecting(5).withMetadata("mine"),
                Optional.empty()), reply);
        assertEquals(Optional.of("mine"), reply.answer().response().metadata());
    }

    @Test
    void aStoreThatFailsIsAnAnswerAndNoSilence() {
        store.close();
        StateResponse answer = answer(new StateAction.DeleteState(CHAT));
        assertTrue(assertInstanceOf(StateResponse.StoreError.class, answer).error().contains("is closed"));
    }

    @Test
    void aDepartedStateHandsBack() {
        state.close();
        RecordedReply reply = new RecordedReply();
        state.handle(RecordedReply.request(TERMINAL, "state:distro:sys", new StateAction.GetState(CHAT).encode(),
                Optional.empty()), reply);
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, reply.outcome());
    }
}
