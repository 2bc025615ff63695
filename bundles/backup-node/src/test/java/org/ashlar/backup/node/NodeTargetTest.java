package org.ashlar.backup.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.backup.local.LocalTargetKind;
import org.ashlar.codec.BackupNodeRequest;
import org.ashlar.codec.BackupNodeResponse;
import org.ashlar.tck.BackupTargetContract;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over the messages of two nodes: bert keeps what anna sends. */
class NodeTargetTest extends BackupTargetContract {
    private static final int QUOTA = 100 << 20;

    @TempDir
    Path home;
    private NodeStore store;

    @BeforeEach
    void allow() throws IOException {
        open("anna.os 100M");
    }

    private void open(String... allowed) throws IOException {
        if (store != null) {
            store.close();
        }
        store = new NodeStore(home, allowed);
        store.addKind(new LocalTargetKind());
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** What the kernels and the network between do with a Request. */
    private RecordedReply.Outcome.Answered deliver(String node, ProcessId from, Request request, Optional<Blob> blob) {
        RecordedReply reply = new RecordedReply();
        store.handle(new Envelope(1, new Address(node, from), new Address("bert.os", NodeTarget.PROCESS), Optional.empty(), request, blob), reply);
        return reply.answer();
    }

    private BackupTarget from(String node) {
        NodeTarget target = new NodeTarget(Map.of("node", "bert.os"));
        target.addKernel((Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, (proxy, method, arguments) -> {
            assertEquals("ask", method.getName());
            assertEquals(new Address("bert.os", NodeTarget.PROCESS), arguments[1]);
            @SuppressWarnings("unchecked")
            Optional<Blob> blob = (Optional<Blob>) arguments[3];
            RecordedReply.Outcome.Answered answered = deliver(node, (ProcessId) arguments[0], (Request) arguments[2], blob);
            return CompletableFuture.completedFuture(new Answer((Address) arguments[1], answered.response(), answered.blob()));
        }));
        return target;
    }

    @Override
    protected BackupTarget connect() {
        return from("anna.os");
    }

    private static BackupNodeResponse parse(RecordedReply.Outcome.Answered answered) {
        return BackupNodeResponse.parse(answered.response().body());
    }

    private BackupNodeResponse part(String upload, String name, long size, long offset, int length) {
        return parse(deliver("anna.os", NodeTarget.PROCESS, Request.of(new BackupNodeRequest.Put(upload, name, size, offset).encode()).expecting(9),
                Optional.of(Blob.of(new byte[length]))));
    }

    private long scratchFiles() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("cache/backup-node"))) {
            return files.count();
        }
    }

    @Test
    void onlyTheProcessOfThatNameOnANodeThatIsAllowedIsServed() throws Exception {
        RefusedException stranger = assertThrows(RefusedException.class, () -> from("eve.os").stat("config"));
        assertTrue(stranger.getMessage().contains("keeps no backups for eve.os"), stranger.getMessage());
        BackupNodeResponse guest = parse(deliver("anna.os", ProcessId.parse("a:b:anna.os"),
                Request.of(new BackupNodeRequest.Stat("config").encode()).expecting(9), Optional.empty()));
        assertTrue(guest instanceof BackupNodeResponse.Refused, guest.toString());
        assertFalse(Files.exists(home.resolve("stored")));
    }

    @Test
    void eachNodeHasAPlaceOfItsOwn() throws Exception {
        open("anna.os 10M", "carl.os 10M");
        from("anna.os").put("config", ByteBuffer.allocate(10));
        assertEquals(OptionalLong.empty(), from("carl.os").stat("config"));
        assertTrue(from("carl.os").put("config", ByteBuffer.allocate(20)));
        assertEquals(10, Files.size(home.resolve("stored/anna.os/config")));
    }

    @Test
    void aQuotaIsKeptOverRestartsAndGivenBackByDeleting() throws Exception {
        open("anna.os 3M");
        BackupTarget target = from("anna.os");
        assertTrue(target.put("data/5f/5f01", ByteBuffer.allocate(2 << 20)));
        open("anna.os 3M");
        IOException full = assertThrows(IOException.class, () -> target.put("data/5f/5f02", ByteBuffer.allocate(2 << 20)));
        assertTrue(full.getMessage().contains("no room is left"), full.getMessage());
        assertFalse(target.put("data/5f/5f01", ByteBuffer.allocate(2 << 20)), "what is there needs no room");
        assertTrue(target.delete("data/5f/5f01"));
        assertTrue(target.put("data/5f/5f02", ByteBuffer.allocate(2 << 20)));
        assertTrue(target.put("data/5f/5f03", ByteBuffer.allocate(1 << 20)));
        assertThrows(IOException.class, () -> target.put("data/5f/5f04", ByteBuffer.allocate(1)));
    }

    @Test
    void partsThatDoNotFitTogetherMakeNoObjectAndLeaveNothing() throws Exception {
        assertEquals(new BackupNodeResponse.More(), part("a", "config", 30, 0, 10));
        assertTrue(part("a", "config", 30, 20, 10) instanceof BackupNodeResponse.Failed, "a gap");
        assertTrue(part("a", "config", 30, 10, 20) instanceof BackupNodeResponse.Failed, "it was given up");
        assertEquals(new BackupNodeResponse.More(), part("b", "config", 30, 0, 10));
        assertTrue(part("b", "config", 30, 10, 21) instanceof BackupNodeResponse.Failed, "too long");
        assertTrue(part("c", "config", 30, 0, 0) instanceof BackupNodeResponse.Failed, "empty");
        assertEquals(OptionalLong.empty(), from("anna.os").stat("config"));
        assertEquals(0, scratchFiles());
        assertEquals(new BackupNodeResponse.More(), part("d", "config", 30, 0, 10));
        assertEquals(new BackupNodeResponse.Stored(true), part("d", "config", 30, 10, 20));
        assertEquals(0, scratchFiles());
    }

    @Test
    void uploadsThatNobodyEndsGiveWayAndTheirRoomComesBack() throws Exception {
        for (int i = 0; i < Shelf.UPLOADS + 5; i++) {
            assertEquals(new BackupNodeResponse.More(), part("u" + i, "locks/" + i, QUOTA / (Shelf.UPLOADS + 2), 0, 10), "upload " + i);
        }
        assertEquals(Shelf.UPLOADS, scratchFiles());
        assertTrue(part("u0", "locks/0", QUOTA / (Shelf.UPLOADS + 2), 10, 10) instanceof BackupNodeResponse.Failed);
    }

    @Test
    void whoMayKeepHowMuchIsWrittenWithAUnit() {
        assertEquals(new Allowance("alice.os", 50L << 30), Allowance.parse(" alice.os  50G "));
        assertEquals(new Allowance("a", 1L << 40), Allowance.parse("a 1T"));
        for (String wrong : new String[] {"", "alice.os", "alice.os 50", "alice.os 50g", "../x 5G", ".. 5G", "Alice 5G", "our 5G", "alice.os -5G"}) {
            assertThrows(IllegalArgumentException.class, () -> Allowance.parse(wrong), wrong);
        }
    }

    @Test
    void aNodeIsNamedByItsName() throws Exception {
        NodeTargetKind kind = new NodeTargetKind();
        assertTrue(kind.isFor("node:alice.os") && !kind.isFor("/node:x"));
        assertEquals("alice.os", kind.configuration("node:alice.os", home, Map.of()).get("node"));
        assertThrows(IOException.class, () -> kind.configuration("node:Alice", home, Map.of()));
        assertThrows(IOException.class, () -> kind.configuration("node:our", home, Map.of()));
    }
}
