package org.ashlar.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestHost.Outgoing;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.api.process.Spawned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each function of the guest world, called by the probe: what reaches the host, and what comes back. */
class WorldTest {
    private static final Address OTHER = Address.parse("other.os@target:package:publisher.os");
    private static final String CAPABILITY_TEXT = "other.os@target:package:publisher.os|" + encode("[1,{}]");
    private static final Capability CAPABILITY = new Capability(OTHER, "[1,{}]");

    private final ScriptedHost host = new ScriptedHost();

    @Test
    void initGetsTheAddressAsText() {
        host.request("!report");
        Guests.runToTheEnd(Guests.probe(), host);
        assertTrue(host.lastResponse().startsWith("init text=" + ScriptedHost.OUR + "\n"), host.lastResponse());
    }

    @Test
    void printReachesTheTerminalWithItsVerbosity() {
        journal("print level=255 text=" + encode("Grüße, 世界"));
        assertEquals(List.of("255 Grüße, 世界"), host.printed);
    }

    @Test
    void ourIsTheAddress() {
        assertEquals(List.of("our address=" + ScriptedHost.OUR), journal("our"));
    }

    @Test
    void stateGoesInAndOut() {
        assertEquals(List.of("state none", "state value=x%00y"), journal("get-state;set-state value=x%00y;get-state"));
        assertEquals("x\0y", new String(host.state.orElseThrow(), UTF_8));
        journal("clear-state");
        assertTrue(host.state.isEmpty());
    }

    @Test
    void onExitGoesInAndOut() {
        assertEquals(List.of("on-exit kind=none", "on-exit kind=restart"),
                journal("get-on-exit;set-on-exit kind=restart;get-on-exit"));
        assertEquals(OnExit.RESTART, host.onExit);
    }

    @Test
    void onExitCarriesRequestsWithBlobs() {
        List<String> journal = journal("queue to=" + OTHER + " body=bye metadata=m cap=" + CAPABILITY_TEXT
                + " blob=B mime=text/plain;set-on-exit kind=requests;get-on-exit");
        Request request = new Request(false, OptionalLong.empty(), "bye".getBytes(UTF_8), Optional.of("m"),
                List.of(SignedCapability.unsigned(CAPABILITY)));
        assertEquals(new OnExit.Requests(List.of(new OnExit.Parting(OTHER, request,
                Optional.of(Blob.of(Optional.of("text/plain"), "B".getBytes(UTF_8)))))), host.onExit);
        assertEquals("on-exit kind=requests", journal.getFirst());
        assertTrue(journal.get(1).startsWith("on-exit-request target=" + OTHER), journal.get(1));
        assertTrue(journal.get(1).contains("mime=text/plain size=1 bytes=B"), journal.get(1));
    }

    @Test
    void spawnHandsOverEverythingAndTakesTheChild() {
        host.spawned = new Spawned.Child(ProcessId.parse("child:test:node.os"));
        assertEquals(List.of("spawned address=node.os@child:test:node.os"),
                journal("spawn path=/test:node.os/pkg/child.wasm name=child on-exit=restart public cap=" + CAPABILITY_TEXT
                        + " grant=" + encode("friend:test:node.os|\"messaging\"")));
        assertEquals(List.of(new SpawnRequest(Optional.of("child"), "/test:node.os/pkg/child.wasm", OnExit.RESTART,
                List.of(CAPABILITY), List.of(new SpawnRequest.Grant(ProcessId.parse("friend:test:node.os"),
                        "\"messaging\"")), true)), host.spawns);
    }

    @Test
    void spawnSaysWhyThereIsNoChild() {
        host.spawned = new Spawned.NameTaken();
        assertEquals(List.of("spawn-error kind=name-taken"), journal("spawn path=/x"));
        host.spawned = new Spawned.NoFileAtPath();
        assertEquals(List.of("spawn-error kind=no-file-at-path"), journal("spawn path=/x"));
        assertEquals(Optional.empty(), host.spawns.getFirst().name());
    }

    @Test
    void capabilitiesAreSavedDroppedAndListed() {
        assertEquals(List.of("caps count=1 cap=" + CAPABILITY_TEXT.replace("|", "%7C"), "caps count=0"),
                journal("save-caps cap=" + CAPABILITY_TEXT + ";our-caps;drop-caps cap=" + CAPABILITY_TEXT + ";our-caps"));
    }

    @Test
    void aRequestGoesOutWhole() {
        journal("send to=" + OTHER + " inherit expects=7 body=hello metadata=m cap=" + CAPABILITY_TEXT
                + " context=c blob=B mime=a/b");
        Outgoing sent = host.sent.getFirst();
        assertEquals(OTHER, sent.target());
        assertEquals(new Request(true, OptionalLong.of(7), "hello".getBytes(UTF_8), Optional.of("m"),
                List.of(SignedCapability.unsigned(CAPABILITY))), sent.request());
        assertEquals("c", new String(sent.context().orElseThrow(), UTF_8));
        assertEquals(Optional.of(Blob.of(Optional.of("a/b"), "B".getBytes(UTF_8))), sent.blob());
    }

    @Test
    void secondsAreUnsigned() {
        journal("send to=" + OTHER + " expects=18446744073709551615 body=x");
        assertEquals(OptionalLong.of(-1L), host.sent.getFirst().request().expectsResponse());
    }

    @Test
    void severalRequestsGoOutInOrder() {
        journal("queue to=" + OTHER + " body=1;queue to=$our body=2;send-queued");
        assertEquals(List.of("1", "2"), host.sent.stream().map(each -> new String(each.request().body(), UTF_8)).toList());
        assertEquals(ScriptedHost.OUR, host.sent.get(1).target());
    }

    @Test
    void aRequestComesInWhole() {
        Request request = new Request(true, OptionalLong.of(9), "hello".getBytes(UTF_8), Optional.of("m"),
                List.of(new SignedCapability(CAPABILITY, new byte[64])));
        host.deliver(new Delivery.Received(OTHER, request, Optional.empty())).request("!report");
        Guests.runToTheEnd(Guests.probe(), host);
        assertEquals("request source=" + OTHER + " inherit=true expects=9 body=hello metadata=m cap="
                + CAPABILITY_TEXT.replace("|", "%7C") + " has-blob=false", host.lastResponse().split("\n")[1]);
    }

    @Test
    void aResponseComesInWithItsContext() {
        Response response = new Response(false, "hello".getBytes(UTF_8), Optional.empty(), List.of());
        host.deliver(new Delivery.Received(OTHER, response, Optional.of("ctx".getBytes(UTF_8)))).request("!report");
        Guests.runToTheEnd(Guests.probe(), host);
        assertEquals("response source=" + OTHER + " inherit=false body=hello context=ctx has-blob=false",
                host.lastResponse().split("\n")[1]);
    }

    @Test
    void aSendErrorComesInWithTheRequestItEnds() {
        for (SendError.Kind kind : SendError.Kind.values()) {
            SendError error = new SendError(kind, OTHER, Request.of("lost").expecting(3),
                    Optional.of(Blob.of("B".getBytes(UTF_8))));
            host.deliver(new Delivery.Failed(error, Optional.of("ctx".getBytes(UTF_8)))).request("!report");
            Guests.runToTheEnd(Guests.probe(), host);
            String entry = host.lastResponse().split("\n")[1];
            assertTrue(entry.startsWith("error kind=" + kind.name().toLowerCase(Locale.ROOT) + " target=" + OTHER
                    + " inherit=false expects=3 body=lost context=ctx"), entry);
            assertTrue(entry.contains("size=1 bytes=B"), entry);
        }
    }

    @Test
    void awaitingGivesTheAnswerOrTheError() {
        host.awaited.add(new Delivery.Received(OTHER, Response.of("yes"), Optional.empty()));
        host.awaited.add(new Delivery.Failed(new SendError(SendError.Kind.TIMEOUT, OTHER, Request.of("q").expecting(1),
                Optional.empty()), Optional.empty()));
        List<String> journal = journal("await to=" + OTHER + " expects=1 body=q;await to=" + OTHER + " expects=1 body=q");
        assertEquals("awaited source=" + OTHER + " inherit=false body=yes has-blob=false", journal.getFirst());
        assertTrue(journal.get(1).startsWith("awaited-error kind=timeout target=" + OTHER), journal.get(1));
    }

    @Test
    void aResponseGoesOutWithItsBlob() {
        host.request("!respond inherit body=b metadata=m cap=" + CAPABILITY_TEXT + " blob=B");
        Guests.runToTheEnd(Guests.probe(), host);
        assertEquals(new Response(true, "b".getBytes(UTF_8), Optional.of("m"),
                List.of(SignedCapability.unsigned(CAPABILITY))), host.responses.getFirst());
        assertEquals(Optional.of(Blob.of("B".getBytes(UTF_8))), host.responseBlobs.getFirst());
    }

    @Test
    void blobsComeInFromTheHeap() {
        assertEquals(List.of("has-blob value=false", "blob none"), journal("has-blob;get-blob"));
        host.blob = Optional.of(Blob.of(Optional.of("a/b"), "B".getBytes(UTF_8)));
        assertEquals(List.of("has-blob value=true", "blob mime=a/b size=1 bytes=B", "last-blob mime=a/b size=1 bytes=B"),
                journal("has-blob;get-blob;last-blob"));
    }

    @Test
    void blobsComeInFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("blob"), "from a file");
        host.blob = Optional.of(Blob.of(Optional.empty(), file));
        assertEquals(List.of("blob size=11 bytes=from%20a%20file"), journal("get-blob"));
    }

    @Test
    void aBlobThatCannotBeHadEndsTheGuest(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("blob"), "gone soon");
        host.blob = Optional.of(Blob.of(Optional.empty(), file));
        Files.delete(file);
        assertTrue(trap("get-blob").getMessage().contains("cannot be read"));
        host.blob = Optional.of(new Blob.InFile(Optional.empty(), file, Guests.MEMORY + 1));
        assertTrue(trap("get-blob").getMessage().contains(String.valueOf(Guests.MEMORY + 1)));
    }

    @Test
    void aMalformedAddressEndsTheGuestWithTheFunctionsName() {
        for (String target : List.of("node.os@Target:package:publisher.os", "node.os@target:package:p_q", "n_o@a:b:c")) {
            GuestException e = trap("send to=" + target + " body=x");
            assertEquals(GuestException.Phase.TRAP, e.phase());
            assertTrue(e.getMessage().startsWith("send-request: the "), e.getMessage());
        }
        assertTrue(host.sent.isEmpty());
    }

    @Test
    void ofSeveralRequestsNoneGoesOutWhenOneIsMalformed() {
        trap("queue to=" + OTHER + " body=1;queue to=x@Y:z:z body=2;send-queued");
        assertTrue(host.sent.isEmpty());
    }

    private List<String> journal(String script) {
        return Guests.journal(Guests.probe(), host, script);
    }

    private GuestException trap(String script) {
        host.request("!" + script);
        return assertThrows(GuestException.class, () -> Guests.load(Guests.probe()).run(host));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
