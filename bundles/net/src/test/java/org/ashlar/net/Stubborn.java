package org.ashlar.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.PeerFrame;
import org.ashlar.noise.Ed25519Key;
import org.ashlar.noise.LocalNode;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.SessionEvent;
import org.ashlar.noise.Wire;

/** A node of this kind that {@code to} knows, over TCP: it does the handshake as it should, and then what the test wants. */
final class Stubborn implements AutoCloseable {
    private final Socket socket;
    private final PeerSession session;

    Stubborn(String name, TestNode to) throws IOException {
        TestIdentity identity = TestIdentity.of(name);
        to.book.put(new NodeCard(name, identity.publicKey(), List.of(), List.of()));
        socket = new Socket();
        socket.setReceiveBufferSize(4_096); // what it does not read is to wait at the other side
        int port = to.card().addresses().stream().filter(each -> each.protocol().equals("tcp")).findFirst().orElseThrow().port();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        session = PeerSession.dial(new LocalNode(identity, any -> Ed25519Key.of(to.identity.publicKey())).withExtension(), Wire.TCP,
                to.name(), false);
        write(session.start());
        byte[] buffer = new byte[1_024];
        boolean opened = false;
        while (!opened) {
            int length = socket.getInputStream().read(buffer);
            for (SessionEvent event : session.receive(buffer, 0, Math.max(0, length))) {
                opened |= take(event);
            }
        }
    }

    /** @return whether the other side would send messages now */
    private boolean take(SessionEvent event) throws IOException {
        if (event instanceof SessionEvent.Output(byte[] frame)) {
            write(List.of(frame));
        } else if (event instanceof SessionEvent.Established) {
            say(new PeerFrame.Hello(1, PeerFrame.UNOFFERED));
        } else if (event instanceof SessionEvent.Frame(byte[] bytes) && PeerFrame.parse(bytes) instanceof PeerFrame.Open(long stream, long next)) {
            say(new PeerFrame.Opened(stream, next - 1));
            return true;
        }
        return false;
    }

    void say(PeerFrame frame) throws IOException {
        write(session.send(frame.encode()));
    }

    private void write(List<byte[]> pieces) throws IOException {
        for (byte[] piece : pieces) {
            socket.getOutputStream().write(piece);
        }
    }

    /** Takes one byte, if there is one. */
    void readOne() throws IOException {
        if (socket.getInputStream().available() > 0) {
            socket.getInputStream().read();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
