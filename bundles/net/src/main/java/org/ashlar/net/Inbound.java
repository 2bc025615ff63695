package org.ashlar.net;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.service.Providers;
import org.ashlar.noise.SessionEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes over connections, and whose connections they are. Any thread may call. */
final class Inbound implements Connection.Events {
    private static final Logger LOG = LoggerFactory.getLogger(Inbound.class);
    /** How often a message from another node is offered again that its target has no room for. */
    private static final long AGAIN_NANOS = 5_000_000;

    private final Network network;
    private final Providers<Kernel> kernels;
    private final Capabilities capabilities;
    private final Lines lines;
    private final Map<Connection, String> names = new ConcurrentHashMap<>();

    Inbound(Network network, Providers<Kernel> kernels, Capabilities capabilities, Lines lines) {
        this.network = network;
        this.kernels = kernels;
        this.capabilities = capabilities;
        this.lines = lines;
    }

    /** Those whose handshake is over. */
    List<Connection> connections(Predicate<Connection> which) {
        return names.keySet().stream().filter(which).toList();
    }

    boolean isOpen(Connection connection) {
        return names.containsKey(connection);
    }

    Optional<Peer> peer(Connection connection) {
        return Optional.ofNullable(names.get(connection)).flatMap(network::known);
    }

    @Override
    public void established(Connection connection, SessionEvent.Established event) {
        network.halfOpen().remove(connection);
        String name = event.peer();
        names.put(connection, name);
        if (connection.dialled() ? network.indirect().isRouter(name) : event.proxyRequest() && network.router().serves(name)) {
            connection.leadsFromNow();
        } else if (event.proxyRequest()) {
            lines.print(1, name + " asks this node to lead others to it, which is not permitted (\"ashlar up --router-for\")");
        }
        network.attach(name, connection);
    }

    @Override
    public void received(Connection connection, SessionEvent.Received event) {
        Envelope envelope = capabilities.checked(event.envelope());
        if (envelope.message() instanceof Response response) {
            network.inflight().answered(names.get(connection), envelope)
                    .ifPresent(reply -> reply.relay(envelope.source(), response, envelope.blob()));
            return;
        }
        // While it waits here nothing more is received from this node, which slows it down, and it alone.
        while (!network.isClosed() && !taken(envelope)) {
            network.machine().pause(AGAIN_NANOS);
        }
    }

    private boolean taken(Envelope envelope) {
        Optional<Providers.Lease<Kernel>> lease = kernels.lease(Providers.GRACE);
        if (lease.isEmpty()) {
            return true;
        }
        try (Providers.Lease<Kernel> kernel = lease.get()) {
            return kernel.service().arrive(envelope, answer -> network.send(answer, Optional.empty())) == Kernel.Arrival.TAKEN;
        }
    }

    @Override
    public void routing(Connection connection, SessionEvent.Routing event) throws IOException {
        network.router().take(connection, event);
    }

    @Override
    public void frame(Connection connection, byte[] bytes) throws IOException {
        peer(connection).orElseThrow(() -> new IOException("the peer is gone")).streams().frame(connection, bytes);
    }

    @Override
    public void note(Connection connection, String text) {
        lines.print(2, text);
    }

    @Override
    public void finishing(Connection connection) {
        peer(connection).ifPresent(peer -> peer.finishing(connection));
    }

    @Override
    public void ended(Connection connection, boolean clean) {
        network.halfOpen().remove(connection);
        String name = names.remove(connection);
        LOG.debug("{} with {} has ended: {}", connection.link().remote(), name, connection.reason());
        if (name == null) {
            if (!connection.dialled() && !connection.reason().isEmpty()) {
                lines.print(2, connection.link().remote() + " was refused: " + connection.reason());
            }
            return;
        }
        if (!connection.reason().isEmpty()) {
            lines.print(2, "the connection with " + name + " has ended: " + connection.reason());
        }
        network.known(name).ifPresent(peer -> peer.ended(connection, clean));
    }
}
