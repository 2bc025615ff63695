package org.ashlar.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ashlar.codec.HandshakePayload;

/**
 * Whatever the other side sends, however it is cut: a session gives events, at most one of them says that it failed, and
 * that is the last. With {@code JAZZER_FUZZ=1} Jazzer searches; without, it runs the inputs kept beside the test.
 */
class SessionFuzzTest {
    private static final byte[] NOTHING = {};

    private final World world = new World();
    private final LocalNode alice = world.node("alice.os");
    private final LocalNode bob = world.node("bob.os");

    /** Bytes of somebody whom nobody knows, before there is a channel. */
    @FuzzTest
    void handshake(FuzzedDataProvider data) {
        Wire wire = data.pickValue(Wire.values());
        PeerSession session = data.consumeBoolean() ? PeerSession.accept(bob, wire) : PeerSession.dial(alice, wire, "bob.os", false);
        session.start();
        check(feed(session, data, piece -> List.of(piece)));
    }

    /** What a peer says once it has proved who it is: frames of any size, with anything in them. */
    @FuzzTest
    void messages(FuzzedDataProvider data) {
        Wire wire = data.pickValue(Wire.values());
        NoiseKey ours = alice.fresh().get();
        byte[] statement = ours.publicKey();
        Handshake handshake = new Handshake(true, NOTHING, ours, alice.fresh().get());
        PeerSession session = PeerSession.accept(bob, wire);
        byte[] second = ((SessionEvent.Output) session.receive(FrameWriter.handshake(wire, handshake.write(NOTHING))).getFirst()).frame();
        handshake.read(unframed(wire, second));
        byte[] payload = new HandshakePayload(1, "alice.os", alice.identity().sign(statement), false).encode();
        session.receive(FrameWriter.handshake(wire, handshake.write(payload)));
        assertTrue(session.peer().isPresent());
        CipherState cipher = handshake.split().sending();
        boolean whole = data.consumeBoolean();
        check(feed(session, data, piece -> {
            if (whole) {
                return FrameWriter.message(wire, cipher, piece);
            }
            byte[] chunk = new byte[piece.length + CipherState.TAG];
            cipher.encrypt(piece, 0, piece.length, chunk, 0);
            return List.of(FrameWriter.handshake(wire, chunk));
        }));
    }

    /** What is said instead of the second or third message of a handshake by somebody who has understood the one before. */
    @FuzzTest
    void payload(FuzzedDataProvider data) {
        Wire wire = data.pickValue(Wire.values());
        boolean dials = data.consumeBoolean();
        PeerSession session = dials ? PeerSession.dial(alice.withExtension(), wire, "bob.os", false) : PeerSession.accept(bob.withExtension(), wire);
        Handshake handshake = new Handshake(!dials, NOTHING, alice.fresh().get(), alice.fresh().get());
        if (dials) {
            handshake.read(unframed(wire, session.start().getFirst()));
        } else {
            SessionEvent second = session.receive(FrameWriter.handshake(wire, handshake.write(NOTHING))).getFirst();
            handshake.read(unframed(wire, ((SessionEvent.Output) second).frame()));
        }
        List<SessionEvent> events = session.receive(FrameWriter.handshake(wire, handshake.write(data.consumeBytes(4_000))));
        check(events);
        assertTrue(session.peer().isEmpty(), "nobody signs by chance");
    }

    private static byte[] unframed(Wire wire, byte[] frame) {
        return wire == Wire.TCP ? Arrays.copyOfRange(frame, Short.BYTES, frame.length) : frame;
    }

    private static List<SessionEvent> feed(PeerSession session, FuzzedDataProvider data,
                                           Function<byte[], List<byte[]>> frames) {
        List<SessionEvent> events = new ArrayList<>();
        while (data.remainingBytes() > 0) {
            byte[] piece = data.consumeBytes(data.consumeInt(0, 5_000));
            frames.apply(piece).forEach(frame -> events.addAll(session.receive(frame)));
        }
        return events;
    }

    private static void check(List<SessionEvent> events) {
        long ends = events.stream().filter(event -> event instanceof SessionEvent.Failed || event instanceof SessionEvent.Routing).count();
        assertTrue(ends <= 1, events::toString);
        if (ends == 1) {
            SessionEvent last = events.getLast();
            assertTrue(last instanceof SessionEvent.Failed || last instanceof SessionEvent.Routing, events::toString);
        }
        events.forEach(event -> {
            if (event instanceof SessionEvent.Received(var envelope, int bytes)) {
                assertEquals("alice.os", envelope.source().node());
                assertEquals("bob.os", envelope.target().node());
            }
        });
    }
}
