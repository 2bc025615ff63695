package org.ashlar.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.process.Printout;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The specification's cases of the network, between networks on real sockets. The numbers are those of the cases. */
@Timeout(120)
class NetCasesTest extends TwoNodes {
    private static Envelope message(String from, String to, String body) {
        return new Envelope(1, Address.parse(from), Address.parse(to), Optional.empty(), Request.of(body).expecting(9), Optional.empty());
    }

    @Test
    void m01_aNodeWithATcpPortIsTriedByTcpAlone() throws Exception {
        int closed;
        try (ServerSocket free = new ServerSocket(0)) {
            closed = free.getLocalPort();
        }
        try (ServerSocket webSocket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeCard card = new NodeCard("dave.os", TestIdentity.of("dave.os").publicKey(), List.of(
                    new NodeAddress("tcp", "127.0.0.1", closed), new NodeAddress("ws", "127.0.0.1", webSocket.getLocalPort())), List.of());
            alice.book.put(card);
            assertEquals(SendError.Kind.OFFLINE, failed(alice.ask("dave.os", "echo:t:t", new byte[1])));
            webSocket.setSoTimeout(200);
            assertThrows(SocketTimeoutException.class, webSocket::accept);
        }
    }

    @Test
    void m02_aTargetThatNobodyKnowsIsOffline() {
        assertEquals(SendError.Kind.OFFLINE, failed(alice.ask("nobody.os", "echo:t:t", new byte[1])));
    }

    @Test
    void m03_whatIsNoHandshakeMustAskForAnotherNode() throws Exception {
        Puppet puppet = puppet(known("carol.os"));
        puppet.link().send(List.of(new byte[31]));
        assertTrue(puppet.isCut());
    }

    @Test
    void m04_anotherVersionIsCutOffWithoutAWord() throws Exception {
        assertTrue(puppet(known("carol.os")).shake(2, false).isCut());
    }

    @Test
    void m05_whoSignsAnotherKeyIsCutOffAndMessagesForItAreOffline() throws Exception {
        assertTrue(puppet(known("carol.os")).shake(1, true).isCut());
        NodeCard other = new NodeCard("bob.os", TestIdentity.of("bob.os").publicKey(), bob.card().addresses(), List.of());
        alice.book.put(other);
        assertEquals(SendError.Kind.OFFLINE, failed(alice.ask(bob, "echo:t:t", "hello")));
    }

    @Test
    void m06_aStrangerIsCutOffAfterTheThirdMessage() throws Exception {
        assertTrue(puppet(TestIdentity.of("mallory.os")).shake(1, false).isCut());
    }

    /** Nodes of this kind send each other larger ones. */
    @Test
    void m11_aMessageThatIsTooLargeIsASendErrorAndTheConnectionStays() throws Exception {
        Puppet puppet = puppet(known("carol.os")).shake(1, false);
        TestNode.await("they are connected", () -> bob.net.network().reports().stream().anyMatch(peer -> peer.state().equals("connected")));
        assertEquals(SendError.Kind.TIMEOUT, failed(bob.ask("carol.os", "x:y:z", new byte[MessagePackCodec.MAX_MESSAGE])));
        assertTrue(bob.prints.stream().anyMatch(line -> line.text().contains("at most 10485800 can be sent")));
        bob.ask("carol.os", "x:y:z", "small".getBytes(UTF_8));
        assertEquals("small", new String(puppet.hear().message().body(), UTF_8));
        puppet.say(message("carol.os@a:b:c", "bob.os@echo:t:t", "hello"));
        assertEquals("hello", new String(puppet.hear().message().body(), UTF_8));
    }

    @Test
    void m12_whoAnnouncesMoreThanAMessageMayHaveIsCutOff() throws Exception {
        Puppet puppet = puppet(known("carol.os")).shake(1, false);
        puppet.say(message("carol.os@a:b:c", "bob.os@echo:t:t", "hello"));
        assertEquals("hello", new String(puppet.hear().message().body(), UTF_8));
        try {
            puppet.say(new byte[MessagePackCodec.MAX_MESSAGE + 1]);
        } catch (IOException cutOffWhileSpeaking) {
            return;
        }
        assertTrue(puppet.isCut());
    }

    @Test
    void m13_aSourceOnAnotherNodeIsCutOff() throws Exception {
        Puppet puppet = puppet(known("carol.os")).shake(1, false);
        puppet.say(message("alice.os@a:b:c", "bob.os@echo:t:t", "hello"));
        assertTrue(puppet.isCut());
        TestNode.await("it is said why", () -> bob.prints.stream().anyMatch(line -> line.text().contains("in the name of alice.os@a:b:c")));
    }

    @Test
    void aTargetOnAnotherNodeIsCutOff() throws Exception {
        Puppet puppet = puppet(known("carol.os")).shake(1, false);
        puppet.say(message("carol.os@a:b:c", "alice.os@echo:t:t", "hello"));
        assertTrue(puppet.isCut());
        assertTrue(alice.received.isEmpty());
    }

    @Test
    void m14_aSourceWithAnUnsafeNameIsCutOff() throws Exception {
        Puppet puppet = puppet(known("carol.os")).shake(1, false);
        byte[] message = MessagePackCodec.encode(message("carol.os@my-app:pkg:pub", "bob.os@echo:t:t", "hello"));
        int at = new String(message, ISO_8859_1).indexOf("my-app");
        message[at] = 'M';
        message[at + 2] = '_';
        puppet.say(message);
        assertTrue(puppet.isCut());
    }

    @Test
    void m29_aConnectionIsClosedWhenNothingHasGoneOverItForHalfAnHour() throws Exception {
        text(alice.ask(bob, "echo:t:t", "hello"));
        alice.clock.move(TimeUnit.MINUTES.toNanos(20));
        text(alice.ask(bob, "echo:t:t", "busy"));
        alice.clock.move(TimeUnit.MINUTES.toNanos(20));
        alice.net.network().tick();
        assertTrue(alice.isConnectedWith(bob), "traffic counts");
        TestNode.await("it is closed", () -> {
            // Again and again: bob's acknowledgement may still come after the first time.
            alice.clock.move(TimeUnit.MINUTES.toNanos(31));
            alice.net.network().tick();
            return !alice.isConnectedWith(bob);
        });
        assertEquals("again", text(alice.ask(bob, "echo:t:t", "again")));
    }

    @Test
    void m30_atTheLimitOfPeersTheOneThatWasSentNothingForLongestIsLetGo() {
        TestNode hub = new TestNode(TestIdentity.of("hub.os"), 2);
        parts.add(hub);
        TestNode carol = node("carol.os");
        for (TestNode each : List.of(alice, bob, carol)) {
            TestNode.introduce(hub, each);
        }
        text(hub.ask(alice, "echo:t:t", "1"));
        text(hub.ask(bob, "echo:t:t", "2"));
        text(hub.ask(alice, "echo:t:t", "3"));
        text(hub.ask(carol, "echo:t:t", "4"));
        // The first: bob may come back at once, if his last acknowledgement was still to come, and then alice is the one.
        TestNode.await("bob is let go", () -> hub.prints.stream().map(Printout::text).filter(text -> text.contains("is let go")).findFirst()
                .filter(text -> text.startsWith("bob.os")).isPresent());
        assertTrue(hub.isConnectedWith(carol));
        assertEquals("5", text(hub.ask(bob, "echo:t:t", "5")), "it comes back when there is something for it");
    }

    @Test
    void k36_anAnswerToWhatWasNeverAskedOrByAGuessedIdIsNone() throws Exception {
        TestIdentity carol = known("carol.os");
        Puppet puppet = puppet(carol).shake(1, false);
        puppet.say(message("carol.os@a:b:c", "bob.os@echo:t:t", "hello"));
        puppet.hear();
        Envelope asked = new Envelope(4_711, Address.parse("bob.os@asker:t:t"), Address.parse("carol.os@x:y:z"), Optional.empty(),
                Request.of("question").expecting(10), Optional.empty());
        RecordedReply reply = new RecordedReply();
        bob.handle(asked, reply);
        assertEquals(4_711, puppet.hear().id());
        puppet.say(response(4_712, "bob.os@asker:t:t"));
        puppet.say(response(4_711, "bob.os@other:t:t"));
        puppet.say(message("carol.os@a:b:c", "bob.os@echo:t:t", "after them"));
        puppet.hear();
        assertTrue(reply.isOpen());
        puppet.say(response(4_711, "bob.os@asker:t:t"));
        assertEquals("answer", text(reply));
    }

    private static Envelope response(long id, String to) {
        return new Envelope(id, Address.parse("carol.os@x:y:z"), Address.parse(to), Optional.empty(), Response.of("answer"), Optional.empty());
    }

    @Test
    void k35_theLastOfAChainOverThreeNodesAnswersTheFirst() {
        TestNode carol = node("carol.os");
        TestNode.introduce(alice, carol);
        TestNode.introduce(bob, carol);
        bob.processes.put("middle:t:t", request -> {
            RecordedReply passing = new RecordedReply();
            bob.handle(new Envelope(request.id(), request.target(), Address.parse("carol.os@echo:t:t"), Optional.of(request.source()),
                    new Request(true, OptionalLong.empty(), "from the third".getBytes(UTF_8), Optional.empty(), List.of()), Optional.empty()),
                    passing);
            return null;
        });
        assertEquals("from the third", text(alice.ask(bob, "middle:t:t", "begin")));
        assertTrue(carol.isConnectedWith(alice));
    }

    @Test
    void k66_aForgedCapabilityOfThisNodeIsLeftOutAndOneOfTheSenderIsKept() throws Exception {
        SignedCapability ours = SignedCapability.unsigned(new Capability(Address.parse("bob.os@x:y:z"), "\"mine\""));
        SignedCapability theirs = SignedCapability.unsigned(new Capability(Address.parse("carol.os@x:y:z"), "\"hers\""));
        SignedCapability real = new SignedCapability(ours.capability(), bob.identity.sign(MessagePackCodec.signedBytes(ours.capability())));
        Puppet puppet = puppet(known("carol.os")).shake(1, false);
        puppet.say(carrying(List.of(ours, theirs)));
        puppet.say(carrying(List.of(real)));
        assertEquals(List.of(theirs), bob.received.poll(10, TimeUnit.SECONDS).message().capabilities());
        assertEquals(List.of(real), bob.received.poll(10, TimeUnit.SECONDS).message().capabilities());
    }

    private static Envelope carrying(List<SignedCapability> capabilities) {
        return new Envelope(1, Address.parse("carol.os@a:b:c"), Address.parse("bob.os@x:y:z"), Optional.empty(),
                Request.of("x").withCapabilities(capabilities), Optional.empty());
    }
}
