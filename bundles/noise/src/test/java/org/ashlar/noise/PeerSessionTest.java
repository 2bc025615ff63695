package org.ashlar.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.ashlar.api.message.Envelope;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.HandshakePayload;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.noise.SessionEvent.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerSessionTest {
    private static final byte[] NOTHING = {};

    private final World world = new World();
    private final LocalNode alice = world.node("alice.os");
    private final LocalNode bob = world.node("bob.os");

    private World.Link connected(Wire wire) {
        return new World.Link(PeerSession.dial(alice, wire, "bob.os", false), PeerSession.accept(bob, wire)).run();
    }

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

    private static Envelope received(List<SessionEvent> events) {
        return assertInstanceOf(SessionEvent.Received.class, events.getLast()).envelope();
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

    private static List<byte[]> outputs(List<SessionEvent> events) {
        return events.stream().filter(SessionEvent.Output.class::isInstance).map(event -> ((SessionEvent.Output) event).frame()).toList();
    }

    @ParameterizedTest
    @EnumSource
    void aMessageOverTheLimitIsRefusedAndTheSessionGoesOn(Wire wire) {
        World.Link link = connected(wire);
        assertThrows(CodecException.class,
                () -> link.left.send(World.message("alice.os", "bob.os", new byte[MessagePackCodec.MAX_MESSAGE])));
        Envelope fits = World.message("alice.os", "bob.os", new byte[1]);
        link.leftSends(link.left.send(fits));
        assertEquals(fits, received(link.rightEvents));
    }

    @ParameterizedTest
    @EnumSource
    void onlyMessagesFromThisNodeToThePeerAreSent(Wire wire) {
        World.Link link = connected(wire);
        assertThrows(IllegalArgumentException.class, () -> link.left.send(World.message("carol.os", "bob.os", NOTHING)));
        assertThrows(IllegalArgumentException.class, () -> link.left.send(World.message("alice.os", "carol.os", NOTHING)));
        PeerSession fresh = PeerSession.dial(alice, wire, "bob.os", false);
        assertThrows(IllegalStateException.class, () -> fresh.send(World.message("alice.os", "bob.os", NOTHING)));
    }

    @Test
    void whatCameBeforeAFaultIsStillDelivered() {
        World.Link link = connected(Wire.TCP);
        List<byte[]> frames = new ArrayList<>(link.left.send(World.message("alice.os", "bob.os", NOTHING)));
        frames.add(ByteBuffer.allocate(4).putInt(MessagePackCodec.MAX_MESSAGE + 1).array());
        link.leftSends(List.of(World.joined(frames)));
        assertInstanceOf(SessionEvent.Received.class, link.rightEvents.get(1));
        assertEquals(Reason.MALFORMED, failure(link.rightEvents));
    }

    @ParameterizedTest
    @EnumSource
    void aSpoofedSourceEndsTheSession(Wire wire) {
        assertEquals(Reason.SPOOFED, afterPlain(wire, MessagePackCodec.encode(World.message("carol.os", "bob.os", NOTHING))));
    }

    @ParameterizedTest
    @EnumSource
    void aTargetElsewhereEndsTheSession(Wire wire) {
        assertEquals(Reason.SPOOFED, afterPlain(wire, MessagePackCodec.encode(World.message("alice.os", "carol.os", NOTHING))));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoMessageEndsTheSession(Wire wire) {
        assertEquals(Reason.MALFORMED, afterPlain(wire, new byte[] {1, 2, 3}));
        assertEquals(Reason.MALFORMED, afterPlain(wire, NOTHING));
    }

    /** How a session ends at which {@code message} arrives on the channel. */
    private Reason afterPlain(Wire wire, byte[] message) {
        Puppet puppet = new Puppet(wire);
        List<SessionEvent> events = new ArrayList<>();
        for (byte[] frame : FrameWriter.message(wire, puppet.ciphers.sending(), message)) {
            events.addAll(puppet.session.receive(frame));
        }
        return failure(events);
    }

    private static Reason failure(List<SessionEvent> events) {
        return assertInstanceOf(SessionEvent.Failed.class, events.getLast()).reason();
    }

    @ParameterizedTest
    @EnumSource
    void aMessageForANameThatCannotBeIsDroppedAndTheSessionGoesOn(Wire wire) {
        Puppet puppet = new Puppet(wire);
        byte[] message = MessagePackCodec.encode(World.message("alice.os", "bob.os", NOTHING));
        byte[] wrong = message.clone();
        int at = new String(message, StandardCharsets.ISO_8859_1).indexOf("@s:t:u");
        wrong[at + 1] = 'S';
        assertInstanceOf(SessionEvent.Dropped.class, puppet.say(wrong).getLast());
        assertInstanceOf(SessionEvent.Received.class, puppet.say(message).getLast());
    }

    @Test
    void anAnnouncementMakesNoRoom() {
        Puppet puppet = new Puppet(Wire.TCP);
        byte[] announcement = ByteBuffer.allocate(6).putInt(MessagePackCodec.MAX_MESSAGE).putShort((short) 100).array();
        long before = allocated();
        assertEquals(List.of(), puppet.session.receive(announcement));
        assertTrue(allocated() - before < 100_000, "bytes: " + (allocated() - before));
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @ParameterizedTest
    @EnumSource
    void aChangedByteEndsTheSession(Wire wire) {
        World.Link link = connected(wire);
        byte[] frame = link.left.send(World.message("alice.os", "bob.os", NOTHING)).getFirst();
        frame[frame.length - 1] ^= 1;
        link.leftSends(List.of(frame));
        assertEquals(Reason.MALFORMED, failure(link.rightEvents));
        assertEquals(Optional.empty(), link.right.peer());
        assertEquals(List.of(), link.right.receive(new byte[10]));
        assertThrows(IllegalStateException.class, () -> link.right.send(World.message("bob.os", "alice.os", NOTHING)));
    }

    @ParameterizedTest
    @EnumSource
    void chunksOfAnySizeAreTaken(Wire wire) {
        Puppet puppet = new Puppet(wire);
        byte[] message = MessagePackCodec.encode(World.message("alice.os", "bob.os", World.filled(100)));
        byte[] stream = wire == Wire.TCP ? message : ByteBuffer.allocate(4 + message.length).putInt(message.length).put(message).array();
        List<SessionEvent> events = new ArrayList<>();
        if (wire == Wire.TCP) {
            events.addAll(puppet.session.receive(ByteBuffer.allocate(4).putInt(message.length).array()));
        }
        int[] sizes = {4, 1, 0, 7, 30, 1000};
        int at = 0;
        for (int i = 0; at < stream.length; i++) {
            int size = Math.min(sizes[i], stream.length - at);
            byte[] chunk = new byte[size + CipherState.TAG];
            puppet.ciphers.sending().encrypt(stream, at, size, chunk, 0);
            events.addAll(puppet.session.receive(FrameWriter.handshake(wire, chunk)));
            at += size;
        }
        assertEquals(100, received(events).message().body().length);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsLongerThanAnnouncedEndsTheSession(Wire wire) {
        Puppet puppet = new Puppet(wire);
        byte[] stream = wire == Wire.TCP ? new byte[11] : ByteBuffer.allocate(15).putInt(10).array();
        byte[] chunk = new byte[stream.length + CipherState.TAG];
        puppet.ciphers.sending().encrypt(stream, 0, stream.length, chunk, 0);
        List<SessionEvent> events = new ArrayList<>();
        if (wire == Wire.TCP) {
            events.addAll(puppet.session.receive(ByteBuffer.allocate(4).putInt(10).array()));
        }
        events.addAll(puppet.session.receive(FrameWriter.handshake(wire, chunk)));
        assertEquals(Reason.MALFORMED, failure(events));
    }

    @Test
    void aWebSocketMessageThatBeginsTooShortEndsTheSession() {
        Puppet puppet = new Puppet(Wire.WEBSOCKET);
        byte[] chunk = new byte[3 + CipherState.TAG];
        puppet.ciphers.sending().encrypt(new byte[3], 0, 3, chunk, 0);
        assertEquals(Reason.MALFORMED, failure(puppet.session.receive(chunk)));
        assertEquals(Reason.MALFORMED, failure(new Puppet(Wire.WEBSOCKET).session.receive(new byte[70_000])));
    }

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
        return failure(new Puppet(wire, payload).last);
    }

    /** One that dials as alice does, and then says what it is told to. */
    private final class Puppet {
        final PeerSession session;
        final CipherPair ciphers;
        final List<SessionEvent> last;
        private final Wire wire;

        Puppet(Wire wire) {
            this(wire, ours -> new HandshakePayload(1, "alice.os", alice.identity().sign(ours), false));
            assertInstanceOf(SessionEvent.Established.class, last.getLast());
        }

        Puppet(Wire wire, Function<byte[], HandshakePayload> payload) {
            this.wire = wire;
            NoiseKey ourStatic = alice.fresh().get();
            byte[] ours = ourStatic.publicKey();
            Handshake handshake = new Handshake(true, NOTHING, ourStatic, alice.fresh().get());
            session = PeerSession.accept(bob, wire);
            byte[] second = outputs(session.receive(FrameWriter.handshake(wire, handshake.write(NOTHING)))).getFirst();
            handshake.read(wire == Wire.TCP ? Arrays.copyOfRange(second, 2, second.length) : second);
            last = session.receive(FrameWriter.handshake(wire, handshake.write(payload.apply(ours).encode())));
            ciphers = handshake.split();
        }

        List<SessionEvent> say(byte[] message) {
            return session.receive(FrameWriter.message(wire, ciphers.sending(), message).getFirst());
        }
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
