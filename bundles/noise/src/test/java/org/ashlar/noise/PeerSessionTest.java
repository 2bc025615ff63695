package org.ashlar.noise;

import static org.ashlar.noise.World.NOTHING;
import static org.ashlar.noise.World.outputs;
import static org.ashlar.noise.World.received;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.ashlar.api.message.Envelope;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.MessagePackCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two nodes that do as they should. */
class PeerSessionTest {
    private final World world = new World();
    private final LocalNode alice = world.node("alice.os");
    private final LocalNode bob = world.node("bob.os");

    @ParameterizedTest
    @EnumSource
    void twoNodesFindOutWhoTheOtherIsAndTalk(Wire wire) {
        World.Link link = new World.Link(PeerSession.dial(alice, wire, "bob.os", true), PeerSession.accept(bob, wire)).run();
        assertEquals(List.of(new SessionEvent.Established("bob.os", false, false)), link.leftEvents);
        assertEquals(List.of(new SessionEvent.Established("alice.os", true, false)), link.rightEvents);
        assertEquals(Optional.of("bob.os"), link.left.peer());

        for (int length : new int[] {0, 1, 65_400, 65_535, 65_519 * 2, 1_000_000}) {
            Envelope there = World.message("alice.os", "bob.os", World.filled(length));
            Envelope back = World.message("bob.os", "alice.os", World.filled(length));
            link.leftSends(link.left.send(there));
            link.rightSends(link.right.send(back));
            assertEquals(there, received(link.rightEvents));
            assertEquals(back, received(link.leftEvents));
        }
    }

    @Test
    void aStreamMayBeCutAnywhere() {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            PeerSession dialling = PeerSession.dial(alice, Wire.TCP, "bob.os", false);
            PeerSession accepting = PeerSession.accept(bob, Wire.TCP);
            List<SessionEvent> atBob = new ArrayList<>(inPieces(accepting, World.joined(dialling.start()), random));
            List<SessionEvent> atAlice = inPieces(dialling, World.joined(outputs(atBob)), random);
            List<byte[]> more = new ArrayList<>(outputs(atAlice));
            for (int length : new int[] {3, 70_000, 0, 65_535}) {
                more.addAll(dialling.send(World.message("alice.os", "bob.os", World.filled(length))));
            }
            List<SessionEvent> then = inPieces(accepting, World.joined(more), random);
            assertEquals(new SessionEvent.Established("alice.os", false, false), then.getFirst());
            assertEquals(List.of(3, 70_000, 0, 65_535), then.stream().skip(1)
                    .map(event -> assertInstanceOf(SessionEvent.Received.class, event).envelope().message().body().length).toList());
        }
    }

    private static List<SessionEvent> inPieces(PeerSession session, byte[] stream, Random random) {
        List<SessionEvent> events = new ArrayList<>();
        byte[] buffer = new byte[100_000];
        for (int at = 0; at < stream.length;) {
            int length = Math.min(stream.length - at, random.nextBoolean() ? 1 + random.nextInt(10) : 1 + random.nextInt(buffer.length));
            System.arraycopy(stream, at, buffer, 0, length);
            events.addAll(session.receive(buffer, 0, length));
            Arrays.fill(buffer, (byte) 0);
            at += length;
        }
        return events;
    }

    @ParameterizedTest
    @EnumSource
    void aMessageOverTheLimitIsRefusedAndTheSessionGoesOn(Wire wire) {
        World.Link link = World.connected(alice, bob, wire);
        assertThrows(CodecException.class,
                () -> link.left.send(World.message("alice.os", "bob.os", new byte[MessagePackCodec.MAX_MESSAGE])));
        Envelope fits = World.message("alice.os", "bob.os", new byte[1]);
        link.leftSends(link.left.send(fits));
        assertEquals(fits, received(link.rightEvents));
    }

    @ParameterizedTest
    @EnumSource
    void onlyMessagesFromThisNodeToThePeerAreSent(Wire wire) {
        World.Link link = World.connected(alice, bob, wire);
        assertThrows(IllegalArgumentException.class, () -> link.left.send(World.message("carol.os", "bob.os", NOTHING)));
        assertThrows(IllegalArgumentException.class, () -> link.left.send(World.message("alice.os", "carol.os", NOTHING)));
        PeerSession fresh = PeerSession.dial(alice, wire, "bob.os", false);
        assertThrows(IllegalStateException.class, () -> fresh.send(World.message("alice.os", "bob.os", NOTHING)));
    }

    @Test
    void m09_aMessageOf70000BytesIsTwoFramesOfAWebSocketWithItsLengthInside() {
        List<byte[]> frames = FrameWriter.message(Wire.WEBSOCKET, new CipherState(new byte[32]), World.filled(70_000));
        assertEquals(List.of(65_535, 4_501), frames.stream().map(frame -> frame.length).toList());
    }

    @Test
    void m10_aMessageOf70000BytesIsOneWriteOnTcpItsLengthInClearAndTwoChunksWithTheirs() {
        List<byte[]> writes = FrameWriter.message(Wire.TCP, new CipherState(new byte[32]), World.filled(70_000));
        assertEquals(1, writes.size());
        ByteBuffer in = ByteBuffer.wrap(writes.getFirst());
        assertEquals(70_000, in.getInt());
        for (int chunk : new int[] {65_519 + 16, 4_481 + 16}) {
            assertEquals(chunk, Short.toUnsignedInt(in.getShort()));
            in.position(in.position() + chunk);
        }
        assertEquals(0, in.remaining());
    }
}
