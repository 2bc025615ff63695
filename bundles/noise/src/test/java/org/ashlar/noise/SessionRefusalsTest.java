package org.ashlar.noise;

import static org.ashlar.noise.World.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;
import org.ashlar.codec.HandshakePayload;
import org.ashlar.noise.SessionEvent.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is refused before there is a session. */
class SessionRefusalsTest {
    private final World world = new World();
    private final LocalNode alice = world.node("alice.os");
    private final LocalNode bob = world.node("bob.os");

    @ParameterizedTest
    @EnumSource
    void aFrameTooLongForAHandshakeIsRefusedUnread(Wire wire) {
        byte[] frame = FrameWriter.handshake(wire, new byte[FrameReader.MAX_HANDSHAKE + 1]);
        assertEquals(Reason.MALFORMED, failure(PeerSession.accept(bob, wire).receive(frame)));
    }

    @ParameterizedTest
    @EnumSource
    void aStrangerIsRefusedAfterTheThirdMessage(Wire wire) {
        LocalNode carol = world.stranger(TestIdentity.of("carol.os"));
        World.Link link = new World.Link(PeerSession.dial(carol, wire, "bob.os", false), PeerSession.accept(bob, wire)).run();
        assertEquals(List.of(Reason.UNKNOWN_PEER), link.rightEvents.stream().map(event -> ((SessionEvent.Failed) event).reason()).toList());
    }

    @ParameterizedTest
    @EnumSource
    void whoTakesAnothersNameIsRefusedByBothSides(Wire wire) {
        LocalNode mallory = world.stranger(TestIdentity.of("alice.os"));
        World.Link link = new World.Link(PeerSession.dial(mallory, wire, "bob.os", false), PeerSession.accept(bob, wire)).run();
        assertEquals(Reason.WRONG_PEER, failure(link.rightEvents));

        LocalNode trudy = world.stranger(TestIdentity.of("bob.os"));
        link = new World.Link(PeerSession.dial(alice, wire, "bob.os", false), PeerSession.accept(trudy, wire)).run();
        assertEquals(Reason.WRONG_PEER, failure(link.leftEvents));
        assertEquals(List.of(), link.rightEvents);
    }

    @Test
    void whoAnswersInPlaceOfAnotherIsRefused() {
        LocalNode carol = world.node("carol.os");
        World.Link link = new World.Link(PeerSession.dial(alice, Wire.TCP, "bob.os", false), PeerSession.accept(carol, Wire.TCP)).run();
        assertEquals(Reason.WRONG_PEER, failure(link.leftEvents));
    }

    @ParameterizedTest
    @EnumSource
    void anotherVersionAndASignatureOfAnotherKeyAreRefused(Wire wire) {
        byte[] key = new byte[NoiseKey.LENGTH];
        assertEquals(Reason.VERSION, afterThird(wire, ours -> new HandshakePayload(2, "alice.os", alice.identity().sign(ours), false)));
        assertEquals(Reason.WRONG_PEER, afterThird(wire, ours -> new HandshakePayload(1, "alice.os", alice.identity().sign(key), false)));
        assertEquals(Reason.WRONG_PEER, afterThird(wire, ours -> new HandshakePayload(1, "alice.os", new byte[3], false)));
    }

    private Reason afterThird(Wire wire, Function<byte[], HandshakePayload> payload) {
        return failure(new Puppet(alice, bob, wire, payload).last);
    }
}
