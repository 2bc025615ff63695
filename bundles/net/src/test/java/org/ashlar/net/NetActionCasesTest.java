package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.codec.NetAction;
import org.ashlar.codec.NetResponse;
import org.ashlar.codec.NodeRoute;
import org.ashlar.codec.NodeUpdate;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The specification's cases of what {@code net:distro:sys} is asked, on one node and by the other. The numbers are those of the cases. */
@Timeout(120)
class NetActionCasesTest extends TwoNodes {
    @Test
    void m17_hiIsShownAndAcknowledged() {
        assertEquals("ack", text(alice.ask(bob, "net:distro:sys", "hello")));
        assertTrue(bob.prints.stream().anyMatch(line -> line.verbosity() == 0 && line.text().equals("alice.os: hello")));
    }

    @Test
    void m18_hiToOnesOwnNodeIsAnsweredAtOnce() {
        assertEquals("ack", text(alice.ask(alice, "net:distro:sys", "hello")));
    }

    private static NetAction.KnsUpdate update(String name, TestIdentity identity) {
        return new NetAction.KnsUpdate(new NodeUpdate(name, HexFormat.of().formatHex(identity.publicKey()), List.of(),
                new TreeMap<>(), List.of("r.os")));
    }

    private NetResponse ask(TestNode node, NetAction action) {
        return NetResponse.parse(node.ask(node.name(), "net:distro:sys", action.encode()).answer().response().body());
    }

    @Test
    void m19_newsFromAnotherNodeAreNotHeeded() {
        byte[] news = update("dave.os", TestIdentity.of("dave.os")).encode();
        assertEquals("ack", new String(alice.ask("bob.os", "net:distro:sys", news).answer().response().body(), UTF_8));
        assertEquals(new NetResponse.Peer(Optional.empty()), ask(bob, new NetAction.GetPeer("dave.os")));
    }

    @Test
    void m20_newsAreHeededOfThoseWhoMayTellThemAndNeverChangeAKey() {
        TestIdentity dave = TestIdentity.of("dave.os");
        tell(update("dave.os", dave), new RecordedReply());
        assertEquals(new NetResponse.Peer(Optional.empty()), ask(bob, new NetAction.GetPeer("dave.os")));
        tell(update("dave.os", dave), trusted());
        NetResponse.Peer peer = (NetResponse.Peer) ask(bob, new NetAction.GetPeer("dave.os"));
        assertEquals(new NodeRoute.Routers(List.of("r.os")), peer.peer().orElseThrow().route());
        tell(update("dave.os", TestIdentity.of("dave.os")), trusted());
        assertEquals(peer, ask(bob, new NetAction.GetPeer("dave.os")));
        assertTrue(bob.prints.stream().anyMatch(line -> line.verbosity() == 0 && line.text().contains("give it another key")));
    }

    private static RecordedReply trusted() {
        return new RecordedReply().holding(new Capability(Address.parse("bob.os@net:distro:sys"), "{\"root\": true}"));
    }

    private void tell(NetAction news, RecordedReply reply) {
        bob.handle("teller:t:t", "bob.os", "net:distro:sys", news.encode(), reply);
    }

    @Test
    void m21_aSignatureIsOverTheAskersAddressAndTheBlob() {
        RecordedReply reply = sign("p:q:r", new NetAction.Sign(), "data");
        byte[] signature = ((Blob.InMemory) reply.answer().blob().orElseThrow()).bytes();
        assertTrue(alice.identity.verify("alice.os@p:q:rdata".getBytes(UTF_8), signature));
    }

    private RecordedReply sign(String process, NetAction action, String data) {
        RecordedReply reply = new RecordedReply();
        alice.handle(new Envelope(5, Address.parse("alice.os@" + process), Address.parse("alice.os@net:distro:sys"), Optional.empty(),
                Request.of(action.encode()).expecting(9), Optional.of(Blob.of(data.getBytes(UTF_8)))), reply);
        return reply;
    }

    @Test
    void m22_aSignatureOfANodeThatNobodyKnowsIsNotValid() {
        byte[] own = alice.identity.sign("alice.os@p:q:rdata".getBytes(UTF_8));
        byte[] theirs = bob.identity.sign("bob.os@p:q:rdata".getBytes(UTF_8));
        assertTrue(verified("alice.os@p:q:r", own));
        assertTrue(verified("bob.os@p:q:r", theirs));
        assertFalse(verified("bob.os@p:q:r", own));
        assertFalse(verified("nobody.os@p:q:r", own));
    }

    private boolean verified(String from, byte[] signature) {
        RecordedReply reply = sign("p:q:r", new NetAction.Verify(Address.parse(from), signature), "data");
        return ((NetResponse.Verified) NetResponse.parse(reply.answer().response().body())).valid();
    }
}
