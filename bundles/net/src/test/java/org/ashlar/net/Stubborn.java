package org.ashlar.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
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

    private final List<PeerFrame> beside;
    private final Queue<PeerFrame> heard = new ArrayDeque<>();

    /** One over whose connection messages come. */
    Stubborn(String name, TestNode to) throws IOException {
        this(name, to, List.of());
        open();
    }

    /** @param beside what it says after its {@link PeerFrame.Hello} */
    Stubborn(String name, TestNode to, List<PeerFrame> beside) throws IOException {
        this.beside = beside;
        TestIdentity identity = TestIdentity.of(name);
        to.book.put(new NodeCard(name, identity.publicKey(), List.of(), List.of()));
        socket = new Socket();
        socket.setReceiveBufferSize(4_096); // what it does not read is to wait at the other side
        int port = to.card().addresses().stream().filter(each -> each.protocol().equals("tcp")).findFirst().orElseThrow().port();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        session = PeerSession.dial(new LocalNode(identity, any -> Ed25519Key.of(to.identity.publicKey())).withExtension(), Wire.TCP,
                to.name(), false);
        write(session.start());
        while (session.peer().isEmpty()) {
            read();
        }
    }

    /** From now on messages come. */
    void open() throws IOException {
        Optional<PeerFrame> open = Optional.empty();
        while (open.isEmpty()) {
            PeerFrame frame = hear();
            open = (frame instanceof PeerFrame.Group(List<PeerFrame> several) ? several : List.of(frame)).stream()
                    .filter(PeerFrame.Open.class::isInstance).findFirst();
        }
        PeerFrame.Open begins = (PeerFrame.Open) open.get();
        say(new PeerFrame.Opened(begins.stream(), begins.next() - 1));
    }

    /** What the other side says next, as it came. */
    PeerFrame hear() throws IOException {
        while (heard.isEmpty()) {
            read();
        }
        return heard.remove();
    }

    private void read() throws IOException {
        byte[] buffer = new byte[1_024];
        int length = socket.getInputStream().read(buffer);
        if (length < 0) {
            throw new IOException("the other side has ended the connection");
        }
        for (SessionEvent event : session.receive(buffer, 0, length)) {
            if (event instanceof SessionEvent.Output(byte[] frame)) {
                write(List.of(frame));
            } else if (event instanceof SessionEvent.Established) {
                say(new PeerFrame.Hello(1, PeerFrame.UNOFFERED));
                for (PeerFrame each : beside) {
                    say(each);
                }
            } else if (event instanceof SessionEvent.Frame(byte[] bytes)) {
                heard.add(PeerFrame.parse(bytes));
            }
        }
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
