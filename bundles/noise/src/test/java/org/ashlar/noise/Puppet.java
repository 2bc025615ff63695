package org.ashlar.noise;

import static org.ashlar.noise.World.outputs;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ashlar.codec.HandshakePayload;

/** One that dials bob as alice does, and then says what it is told to. */
final class Puppet {
    final PeerSession session;
    final CipherPair ciphers;
    final List<SessionEvent> last;
    private final Wire wire;

    Puppet(LocalNode alice, LocalNode bob, Wire wire) {
        this(alice, bob, wire, ours -> new HandshakePayload(1, "alice.os", alice.identity().sign(ours), false));
        assertInstanceOf(SessionEvent.Established.class, last.getLast());
    }

    Puppet(LocalNode alice, LocalNode bob, Wire wire, Function<byte[], HandshakePayload> payload) {
        this.wire = wire;
        NoiseKey ourStatic = alice.fresh().get();
        byte[] ours = ourStatic.publicKey();
        Handshake handshake = new Handshake(true, World.NOTHING, ourStatic, alice.fresh().get());
        session = PeerSession.accept(bob, wire);
        byte[] second = outputs(session.receive(FrameWriter.handshake(wire, handshake.write(World.NOTHING)))).getFirst();
        handshake.read(wire == Wire.TCP ? Arrays.copyOfRange(second, 2, second.length) : second);
        last = session.receive(FrameWriter.handshake(wire, handshake.write(payload.apply(ours).encode())));
        ciphers = handshake.split();
    }

    List<SessionEvent> say(byte[] message) {
        return session.receive(FrameWriter.message(wire, ciphers.sending(), message).getFirst());
    }
}
