package org.ashlar.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;

/** Passes on bytes between whoever connects and a port; breaks all connections, or holds what goes over them, when told. */
final class Cable implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int to;
    private final Set<Socket> sockets = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private long left = Long.MAX_VALUE;
    private long free = Long.MAX_VALUE;
    private int cuts;

    /** A cable from {@code from} to the first port of {@code to}; none leads back. */
    static Cable between(TestNode from, TestNode to) throws IOException {
        Cable cable = new Cable(to.card().addresses().getFirst().port());
        from.book.put(new NodeCard(to.name(), to.identity.publicKey(), List.of(new NodeAddress("tcp", "127.0.0.1", cable.port())), List.of()));
        to.book.put(new NodeCard(from.name(), from.identity.publicKey(), List.of(), List.of()));
        return cable;
    }

    Cable(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket one = server.accept();
                    Socket other = new Socket(InetAddress.getLoopbackAddress(), to);
                    sockets.addAll(List.of(one, other));
                    Thread.ofVirtual().start(() -> copy(one, other));
                    Thread.ofVirtual().start(() -> copy(other, one));
                } catch (IOException e) {
                    // The cable was cut, or is no more.
                }
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    private void copy(Socket from, Socket into) {
        byte[] buffer = new byte[8_192];
        try {
            int length = from.getInputStream().read(buffer);
            while (length > 0) {
                if (!pass(length)) {
                    break;
                }
                into.getOutputStream().write(buffer, 0, length);
                length = from.getInputStream().read(buffer);
            }
        } catch (IOException e) {
            // It was cut.
        }
        try {
            from.close();
            into.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private synchronized boolean pass(int bytes) {
        while (free <= 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        free -= free == Long.MAX_VALUE ? 0 : bytes;
        left -= left == Long.MAX_VALUE ? 0 : bytes;
        if (left > 0) {
            return true;
        }
        left = Long.MAX_VALUE;
        cuts++;
        for (Socket socket : sockets) {
            try {
                // Without a farewell.
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        sockets.clear();
        return false;
    }

    /** Nothing goes on after so many bytes, until {@link #release}. */
    synchronized void holdAfter(long bytes) {
        free = bytes;
    }

    synchronized boolean isHolding() {
        return free <= 0;
    }

    synchronized void release() {
        free = Long.MAX_VALUE;
        notifyAll();
    }

    synchronized void cutAfter(long bytes) {
        if (left == Long.MAX_VALUE) {
            left = bytes;
        }
    }

    synchronized int cuts() {
        return cuts;
    }

    @Override
    public void close() throws IOException {
        release();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
