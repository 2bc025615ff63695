package org.ashlar.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.codec.HandshakePayload;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.noise.CipherPair;
import org.ashlar.noise.CipherState;
import org.ashlar.noise.Handshake;
import org.ashlar.noise.NoiseKey;
import org.ashlar.transport.ws.WebSocketTransport;

/** A node that says over WebSocket whatever the test wants. */
final class Puppet implements AutoCloseable {
    private final TestIdentity identity;
    private final WebSocketTransport transport = new WebSocketTransport();
    private final Link link;
    private CipherPair ciphers;

    Puppet(TestIdentity identity, TestNode to) throws IOException {
        this.identity = identity;
        NodeAddress address = to.card().addresses().stream().filter(each -> each.protocol().equals("ws")).findFirst().orElseThrow();
        link = transport.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port()), Duration.ofSeconds(10));
    }

    /** Does the handshake. @param version of the protocol, as it says @param wrong whether to sign another key than its own */
    Puppet shake(int version, boolean wrong) throws IOException {
        return shake(version, wrong, false);
    }

    /** Does the handshake, and asks to be led to. */
    Puppet shakeAsClient() throws IOException {
        return shake(1, false, true);
    }

    private Puppet shake(int version, boolean wrong, boolean proxyRequest) throws IOException {
        NoiseKey ours = NoiseKey.generate(new SecureRandom());
        byte[] statement = ours.publicKey();
        Handshake handshake = new Handshake(true, new byte[0], ours, NoiseKey.generate(new SecureRandom()));
        link.send(List.of(handshake.write(new byte[0])));
        handshake.read(link.receive().orElseThrow());
        byte[] signature = identity.sign(wrong ? new byte[32] : statement);
        link.send(List.of(handshake.write(new HandshakePayload(version, identity.name(), signature, proxyRequest).encode())));
        ciphers = handshake.split();
        return this;
    }

    void say(Envelope envelope) throws IOException {
        say(MessagePackCodec.encode(envelope));
    }

    void say(byte[] message) throws IOException {
        byte[] stream = ByteBuffer.allocate(4 + message.length).putInt(message.length).put(message).array();
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < stream.length; at += CipherState.MAX_PLAINTEXT) {
            int length = Math.min(CipherState.MAX_PLAINTEXT, stream.length - at);
            byte[] frame = new byte[length + CipherState.TAG];
            ciphers.sending().encrypt(stream, at, length, frame, 0);
            frames.add(frame);
        }
        link.send(frames);
    }

    /** The next message, which must fit one frame. */
    Envelope hear() throws IOException {
        byte[] frame = link.receive().orElseThrow(() -> new IOException("it has ended"));
        byte[] plain = new byte[frame.length - CipherState.TAG];
        ciphers.receiving().decrypt(frame, 0, frame.length, plain, 0);
        return MessagePackCodec.decode(Arrays.copyOfRange(plain, 4, plain.length));
    }

    /** Whether the other side ends the link without saying anything. */
    boolean isCut() {
        try {
            Optional<byte[]> piece = link.receive();
            return piece.isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    Link link() {
        return link;
    }

    @Override
    public void close() {
        link.close();
    }
}
