package org.ashlar.transport.ws;

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
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * WebSockets without TLS: what nodes carry over them is encrypted already. Any path is taken, as the specification does.
 * <p>
 * Life cycle: when it is deactivated, all its links and listeners end.
 */
@Component
public final class WebSocketTransport implements Transport {
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    @Override
    public String protocol() {
        return "ws";
    }

    @Override
    public boolean keepsPieces() {
        return true;
    }

    @Override
    public Link connect(InetSocketAddress to, Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(to, (int) patience.toMillis());
            return link(socket, true);
        } catch (IOException e) {
            socket.close();
            throw new IOException("nobody takes links at ws://" + to.getHostString() + ":" + to.getPort() + ": " + e.getMessage(), e);
        }
    }

    private Link link(Socket socket, boolean client) throws IOException {
        WebSocketLink link = new WebSocketLink(socket, client, open::remove);
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
            throw new IOException("ws://" + at.getHostString() + ":" + at.getPort() + " cannot be had: " + e.getMessage(), e);
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

    @Deactivate
    void stop() {
        stopped = true;
        open.forEach(WebSocketTransport::close);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new AssertionError("links and listeners close without a word", e);
        }
    }
}
