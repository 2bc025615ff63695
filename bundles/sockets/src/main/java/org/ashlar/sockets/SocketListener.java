package org.ashlar.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.ashlar.api.net.Transport.Listener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for others to connect, on a thread of its own. */
final class SocketListener implements Listener {
    /** How many may have connected and not been looked at. */
    static final int BACKLOG = 512;
    private static final Logger LOG = LoggerFactory.getLogger(SocketListener.class);
    private static final long PAUSE_NANOS = 100_000_000;
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ServerSocket server;
    private final Taker taker;
    private final Consumer<AutoCloseable> closed;
    private volatile Thread thread;

    /** Takes a socket over. */
    @FunctionalInterface
    interface Taker {
        void take(Socket socket) throws IOException;
    }

    SocketListener(ServerSocket server, Taker taker, Consumer<AutoCloseable> closed) {
        this.server = server;
        this.taker = taker;
        this.closed = closed;
    }

    void start() {
        thread = Thread.ofVirtual().name("listener-" + server.getLocalPort()).start(this::run);
    }

    private void run() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                try {
                    taker.take(socket);
                } catch (IOException e) {
                    LOG.debug("a link was refused", e);
                    socket.close();
                }
            } catch (IOException e) {
                if (!server.isClosed()) {
                    // As when there are no file descriptors left: others will be closed.
                    LOG.warn("no link can be taken at port {} for a moment: {}", server.getLocalPort(), e.getMessage());
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    @Override
    public void close() {
        closed.accept(this);
        try {
            server.close();
            // The system lets go of the port when nobody waits in it any more.
            if (Thread.currentThread() != thread) {
                thread.join(CLOSE);
            }
        } catch (IOException e) {
            LOG.debug("closing port {}", server.getLocalPort(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
