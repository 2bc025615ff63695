package org.ashlar.transport.tcp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ashlar.api.net.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket. */
final class TcpLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(TcpLink.class);
    /** Room for what comes when nothing is known; it grows while much comes. */
    private static final int SMALL = 1_024;
    /** Bytes from which on pieces are written without those that follow. */
    private static final int TOGETHER = 32 << 10;
    /** After so many silent seconds the system asks whether the other side is still there, three times. */
    private static final Map<String, Integer> KEEP_ALIVE = Map.of("TCP_KEEPIDLE", 30, "TCP_KEEPINTERVAL", 30, "TCP_KEEPCOUNT", 3);

    private final Socket socket;
    private final String remote;
    private final Consumer<AutoCloseable> closed;
    /** The receiver's alone. */
    private int room = SMALL;

    TcpLink(Socket socket, Consumer<AutoCloseable> closed) throws IOException {
        this.socket = socket;
        this.closed = closed;
        remote = "tcp://" + socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
        socket.setTcpNoDelay(true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        for (SocketOption<?> option : socket.supportedOptions()) {
            if (KEEP_ALIVE.containsKey(option.name())) {
                set(option);
            }
        }
    }

    /** By name: which of these there are depends on the system. */
    @SuppressWarnings("unchecked")
    private void set(SocketOption<?> option) throws IOException {
        socket.setOption((SocketOption<Integer>) option, KEEP_ALIVE.get(option.name()));
    }

    @Override
    public Optional<byte[]> receive() throws IOException {
        byte[] buffer = new byte[room];
        int length = socket.getInputStream().read(buffer);
        if (length < 0) {
            return Optional.empty();
        }
        room = length == room ? Math.min(4 * room, MAX_PIECE) : SMALL;
        return Optional.of(length == buffer.length ? buffer : Arrays.copyOf(buffer, length));
    }

    /** Small pieces go together, because each write is a call of the system; large ones go as they are. */
    @Override
    public void send(List<byte[]> pieces) throws IOException {
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < pieces.size(); i++) {
            bytes += pieces.get(i).length;
            if (bytes >= TOGETHER || i == pieces.size() - 1) {
                write(pieces.subList(from, i + 1), bytes);
                from = i + 1;
                bytes = 0;
            }
        }
    }

    private void write(List<byte[]> pieces, int bytes) throws IOException {
        if (pieces.size() == 1) {
            socket.getOutputStream().write(pieces.getFirst());
            return;
        }
        byte[] joined = new byte[bytes];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, joined, at, piece.length);
            at += piece.length;
        }
        socket.getOutputStream().write(joined);
    }

    /** The system does it by itself. */
    @Override
    public void keepAlive() { }

    @Override
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public void close() {
        closed.accept(this);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing {}", remote, e);
        }
    }
}
