package org.ashlar.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.Transport;

/**
 * A transport over TCP sockets. What is special about it is its {@link Linking}.
 * <p>
 * Life cycle: after {@link #stop} all its links and listeners have ended, and none is made any more.
 */
public abstract class SocketTransport implements Transport {
    private final String protocol;
    private final Linking linking;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** Makes a link of a socket that is connected. */
    @FunctionalInterface
    public interface Linking {
        /**
         * @param connecting whether this side has connected
         * @param closed     is told the link when that ends
         */
        Link link(Socket socket, boolean connecting, Consumer<AutoCloseable> closed) throws IOException;
    }

    protected SocketTransport(String protocol, Linking linking) {
        this.protocol = protocol;
        this.linking = linking;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public Link connect(InetSocketAddress to, Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(to, (int) patience.toMillis());
            return link(socket, true);
        } catch (IOException e) {
            socket.close();
            throw new IOException("nobody takes links at " + name(to) + ": " + e.getMessage(), e);
        }
    }

    private String name(InetSocketAddress address) {
        return protocol + "://" + address.getHostString() + ":" + address.getPort();
    }

    private Link link(Socket socket, boolean connecting) throws IOException {
        Link link = linking.link(socket, connecting, open::remove);
        keep(link);
        return link;
    }

    @Override
    public Listener listen(InetSocketAddress at, Consumer<Link> accepted) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            // Without it, a node that is started again would find its own port taken for a minute.
            server.setReuseAddress(true);
            server.bind(at, SocketListener.BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException(name(at) + " cannot be had: " + e.getMessage(), e);
        }
        SocketListener listener = new SocketListener(server, socket -> accepted.accept(link(socket, false)), open::remove);
        keep(listener);
        listener.start();
        return listener;
    }

    private void keep(AutoCloseable part) throws IOException {
        open.add(part);
        if (stopped) {
            close(part);
            throw new IOException("the transport is being stopped");
        }
    }

    /** Ends all that it made. */
    protected void stop() {
        stopped = true;
        open.forEach(SocketTransport::close);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new AssertionError("links and listeners close without a word", e);
        }
    }
}
