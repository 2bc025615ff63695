package org.ashlar.transport.ws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ashlar.api.net.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket. The upgrade from HTTP happens at the first {@link #receive} or {@link #send}, on the thread that calls it: so
 * it takes as long as the other side likes, and costs nobody else anything.
 */
final class WebSocketLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketLink.class);
    private static final int SMALL = 1_024;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    private final Socket socket;
    private final boolean client;
    private final String remote;
    private final Consumer<AutoCloseable> closed;
    private final Draft draft;
    /** Held while bytes are written: who receives answers pings. */
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock upgrading = new ReentrantLock();
    private volatile boolean upgraded;
    /** The receiver's alone. */
    private final Queue<byte[]> messages = new ArrayDeque<>();
    private int room = SMALL;
    private boolean ended;

    WebSocketLink(Socket socket, boolean client, Consumer<AutoCloseable> closed) throws IOException {
        this.socket = socket;
        this.client = client;
        this.closed = closed;
        this.draft = new Draft(client);
        remote = "ws://" + socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
    }

    private void upgrade() throws IOException {
        if (upgraded) {
            return;
        }
        upgrading.lock();
        try {
            if (!upgraded) {
                if (client) {
                    InetSocketAddress to = (InetSocketAddress) socket.getRemoteSocketAddress();
                    write(draft.ask(to.getHostString() + ":" + to.getPort()));
                }
                write(draft.upgrade(head(socket.getInputStream())));
                upgraded = true;
            }
        } finally {
            upgrading.unlock();
        }
    }

    /** Byte by byte: what comes after it is no part of it. */
    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(SMALL);
        int matched = 0;
        while (matched < END_OF_HEAD.length) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the other side went away before it had asked for a WebSocket");
            }
            if (head.size() == Draft.MAX_HEAD) {
                throw new IOException("the other side sent an HTTP head of more than " + Draft.MAX_HEAD + " bytes");
            }
            head.write(next);
            matched = next == END_OF_HEAD[matched] ? matched + 1 : next == END_OF_HEAD[0] ? 1 : 0;
        }
        return head.toByteArray();
    }

    @Override
    public Optional<byte[]> receive() throws IOException {
        upgrade();
        while (messages.isEmpty() && !ended) {
            byte[] buffer = new byte[room];
            int length = socket.getInputStream().read(buffer);
            if (length < 0) {
                ended = true;
                break;
            }
            room = length == room ? Math.min(4 * room, MAX_PIECE) : SMALL;
            for (Draft.Came came : draft.read(buffer, 0, length)) {
                switch (came) {
                    case Draft.Came.Message(byte[] bytes) -> messages.add(bytes);
                    case Draft.Came.Answer(byte[] frame) -> write(frame);
                    case Draft.Came.End end -> ended = true;
                }
            }
        }
        return Optional.ofNullable(messages.poll());
    }

    @Override
    public void send(List<byte[]> pieces) throws IOException {
        upgrade();
        for (byte[] piece : pieces) {
            write(draft.message(piece));
        }
    }

    @Override
    public void keepAlive() throws IOException {
        if (upgraded) {
            write(draft.ping());
        }
    }

    private void write(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        writing.lock();
        try {
            socket.getOutputStream().write(bytes);
        } finally {
            writing.unlock();
        }
    }

    /** Without a close frame: after that, the other side may send no more, and most would not. */
    @Override
    public void finish() throws IOException {
        writing.lock();
        try {
            socket.shutdownOutput();
        } finally {
            writing.unlock();
        }
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
