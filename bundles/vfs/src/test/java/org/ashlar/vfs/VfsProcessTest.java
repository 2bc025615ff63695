package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.Request;
import org.ashlar.codec.VfsRequest;
import org.ashlar.codec.VfsResponse;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VfsProcessTest {
    private static final String OWN = "chat:chat:alice.os";
    private static final String FOREIGN = "other:other:bob.os";
    private static final String FILE = "/chat:alice.os/pkg/chat.wasm";
    private static final Address VFS = Address.parse("a.os@vfs:distro:sys");

    @TempDir
    Path home;
    private DriveStore store;
    private final VfsProcess vfs = new VfsProcess();

    @BeforeEach
    void open() throws Exception {
        store = new DriveStore(home);
        Files.write(store.drive(PackageId.parse("chat:alice.os"), "pkg").resolve("chat.wasm"), new byte[] {1, 2});
        vfs.addStore(store, Map.of());
    }

    @AfterEach
    void close() {
        vfs.removeStore(store);
        vfs.close();
        store.close();
    }

    private RecordedReply.Outcome.Answered ask(String from, byte[] body, RecordedReply reply) {
        vfs.handle(RecordedReply.request(from, "vfs:distro:sys", body, Optional.empty()), reply);
        return reply.answer();
    }

    private VfsResponse ask(String from, String path) {
        return VfsResponse.parse(ask(from, VfsRequest.read(path).encode(), new RecordedReply()).response().body());
    }

    @Test
    void aPackageReadsItsOwnFiles() throws Exception {
        RecordedReply.Outcome.Answered answer = ask(OWN, VfsRequest.read(FILE).encode(), new RecordedReply());
        assertEquals(new VfsResponse.Read(), VfsResponse.parse(answer.response().body()));
        assertArrayEquals(new byte[] {1, 2}, answer.blob().orElseThrow().bytes());
        assertEquals(Optional.of("application/octet-stream"), answer.blob().orElseThrow().mime());
    }

    @Test
    void othersNeedTheDrivesCapabilityOrTheRoot() {
        assertEquals(new VfsResponse.NoReadCap(), ask(FOREIGN, FILE));
        for (String params : new String[] {"{\"drive\":\"/chat:alice.os/pkg\",\"kind\":\"read\"}", "{\"root\":true}"}) {
            RecordedReply reply = new RecordedReply().holding(new Capability(VFS, params));
            assertEquals(new VfsResponse.Read(),
                    VfsResponse.parse(ask(FOREIGN, VfsRequest.read(FILE).encode(), reply).response().body()));
        }
        RecordedReply wrong = new RecordedReply().holding(new Capability(VFS, "{\"kind\":\"read\",\"drive\":\"/chat:alice.os/tmp\"}"));
        assertEquals(new VfsResponse.NoReadCap(),
                VfsResponse.parse(ask(FOREIGN, VfsRequest.read(FILE).encode(), wrong).response().body()));
        assertEquals(new VfsResponse.Read(), ask("kernel:distro:sys", FILE));
    }

    @Test
    void whatIsNoRequestIsMalformed() {
        for (String body : new String[] {"", "7", "{\"path\":\"/chat:alice.os/pkg/x\"}", "{\"path\":\"/chat:alice.os\",\"action\":\"Read\"}",
            "{\"path\":\"/chat:alice.os/pkg/../../x\",\"action\":\"Read\"}"}) {
            assertEquals(new VfsResponse.MalformedRequest(),
                    VfsResponse.parse(ask(OWN, body.getBytes(UTF_8), new RecordedReply()).response().body()), body);
        }
    }

    @Test
    void otherActionsSayThatTheyAreNotThere() {
        VfsResponse answer = VfsResponse.parse(ask(OWN, ("{\"path\":\"" + FILE + "\",\"action\":{\"OpenFile\":{\"create\":true}}}")
                .getBytes(UTF_8), new RecordedReply()).response().body());
        assertTrue(assertInstanceOf(VfsResponse.IoError.class, answer).error().contains("OpenFile is not available yet"));
    }

    @Test
    void aMissingFileIsAnIoErrorThatNamesIt() {
        VfsResponse answer = ask(OWN, "/chat:alice.os/pkg/none");
        assertTrue(assertInstanceOf(VfsResponse.IoError.class, answer).error().contains("/chat:alice.os/pkg/none"));
    }

    @Test
    void metadataComesBack() {
        RecordedReply reply = new RecordedReply();
        vfs.handle(new Envelope(1, Address.parse("a.os@" + OWN), VFS, Optional.empty(),
                Request.of(VfsRequest.read(FILE).encode()).expecting(5).withMetadata("mine"), Optional.empty()), reply);
        assertEquals(Optional.of("mine"), reply.answer().response().metadata());
    }

    @Test
    void otherNodesAreNotServed() {
        RecordedReply reply = new RecordedReply();
        vfs.handle(new Envelope(1, Address.parse("b.os@" + OWN), VFS, Optional.empty(),
                Request.of(VfsRequest.read(FILE).encode()).expecting(5), Optional.empty()), reply);
        assertTrue(reply.isOpen());
    }

    @Test
    void aDepartedVfsHandsBack() {
        vfs.close();
        RecordedReply reply = new RecordedReply();
        vfs.handle(RecordedReply.request(OWN, "vfs:distro:sys", VfsRequest.read(FILE).encode(), Optional.empty()), reply);
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, reply.outcome());
    }
}
