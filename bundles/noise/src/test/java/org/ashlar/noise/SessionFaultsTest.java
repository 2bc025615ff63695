package org.ashlar.noise;

import static org.ashlar.noise.World.NOTHING;
import static org.ashlar.noise.World.failure;
import static org.ashlar.noise.World.received;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.noise.SessionEvent.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a session does with a peer that says what it should not. */
class SessionFaultsTest {
    private final World world = new World();
    private final LocalNode alice = world.node("alice.os");
    private final LocalNode bob = world.node("bob.os");

    @Test
    void whatCameBeforeAFaultIsStillDelivered() {
        World.Link link = World.connected(alice, bob, Wire.TCP);
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
        Puppet puppet = new Puppet(alice, bob, wire);
        List<SessionEvent> events = new ArrayList<>();
        for (byte[] frame : FrameWriter.message(wire, puppet.ciphers.sending(), message)) {
            events.addAll(puppet.session.receive(frame));
        }
        return failure(events);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageForANameThatCannotBeIsDroppedAndTheSessionGoesOn(Wire wire) {
        Puppet puppet = new Puppet(alice, bob, wire);
        byte[] message = MessagePackCodec.encode(World.message("alice.os", "bob.os", NOTHING));
        byte[] wrong = message.clone();
        int at = new String(message, StandardCharsets.ISO_8859_1).indexOf("@s:t:u");
        wrong[at + 1] = 'S';
        assertInstanceOf(SessionEvent.Dropped.class, puppet.say(wrong).getLast());
        assertInstanceOf(SessionEvent.Received.class, puppet.say(message).getLast());
    }

    @Test
    void anAnnouncementMakesNoRoom() {
        Puppet puppet = new Puppet(alice, bob, Wire.TCP);
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
        World.Link link = World.connected(alice, bob, wire);
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
        Puppet puppet = new Puppet(alice, bob, wire);
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
        Puppet puppet = new Puppet(alice, bob, wire);
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
        Puppet puppet = new Puppet(alice, bob, Wire.WEBSOCKET);
        byte[] chunk = new byte[3 + CipherState.TAG];
        puppet.ciphers.sending().encrypt(new byte[3], 0, 3, chunk, 0);
        assertEquals(Reason.MALFORMED, failure(puppet.session.receive(chunk)));
        assertEquals(Reason.MALFORMED, failure(new Puppet(alice, bob, Wire.WEBSOCKET).session.receive(new byte[70_000])));
    }
}
