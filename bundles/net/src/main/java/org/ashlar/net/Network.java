package org.ashlar.net;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.Transport;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.codec.NetReport;
import org.ashlar.noise.LocalNode;
import org.ashlar.noise.NoiseException;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.SessionEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All peers of this node, and what goes between them and the kernel.
 * <p>
 * Life cycle: made when the node has an identity; {@link #tick} is called about once a second; {@link #close} ends all
 * connections in order. Any thread may call.
 */
final class Network implements Connection.Events {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);
    /** How often a message from another node is offered again that its target has no room for. */
    private static final long AGAIN_NANOS = 5_000_000;

    private final LocalNode us;
    private final Providers<Kernel> kernels;
    private final Transports transports;
    private final AddressBook book;
    private final Lines lines;
    private final NetClock clock;
    private final int maxPeers;
    private final Dialler dialler;
    private final Router router;
    private final Indirect indirect;
    private final SecureRandom random = new SecureRandom();
    private final Capabilities capabilities;
    private final Outbound outbound;
    private final Inflight inflight = new Inflight();
    private final HalfOpen halfOpen = new HalfOpen();
    private final Map<String, Peer> peers = new ConcurrentHashMap<>();
    private final Map<Connection, String> names = new ConcurrentHashMap<>();
    private final AtomicInteger parked = new AtomicInteger();
    private final long incarnation = random.nextLong();
    private volatile long copiesSeen;
    private volatile boolean closed;

    Network(Identity identity, Providers<Kernel> kernels, Transports transports, AddressBook book, Lines lines, NetClock clock,
            Settings settings, int maxPeers, Pool pool) {
        this.us = new LocalNode(identity, book::key).withExtension();
        this.kernels = kernels;
        this.transports = transports;
        this.book = book;
        this.lines = lines;
        this.clock = clock;
        this.maxPeers = maxPeers;
        this.capabilities = new Capabilities(identity);
        this.outbound = new Outbound(this, capabilities, lines, pool);
        this.copiesSeen = clock.nanos() - Limits.COPIES.toNanos() - 1;
        this.dialler = new Dialler(this, book, transports, pool);
        this.router = new Router(this, book, lines, settings.routerFor());
        this.indirect = new Indirect(this, dialler, book, settings.via());
    }

    String name() {
        return us.identity().name();
    }

    LocalNode us() {
        return us;
    }

    NetClock clock() {
        return clock;
    }

    Outbound outbound() {
        return outbound;
    }

    Indirect indirect() {
        return indirect;
    }

    Router router() {
        return router;
    }

    /** Whether {@code name} keeps a connection so that others can be led to it. */
    boolean isLed(String name) {
        return Optional.ofNullable(peers.get(name)).map(Peer::isLed).orElse(false);
    }

    /** The number of this run. */
    long incarnation() {
        return incarnation;
    }

    /** Two running nodes have the name and key of {@code name}. */
    void copiesOf(String name) {
        lines.print(0, "two copies of " + name + " are running, with one name and key; only the one that connected last is talked to."
                + " Its owner should stop one of them, or give it another name");
    }

    /** {@code name} says that it sees another node with this one's name and key. */
    void copiesOfThisNode(String name) {
        long now = clock.nanos();
        boolean first = now - copiesSeen > Limits.COPIES.toNanos();
        copiesSeen = now;
        if (first) {
            lines.print(0, name + " sees another running copy of this node, with the same name and key; messages from there go to one"
                    + " of the two. Stop one of them, or give it another name");
        }
    }

    /** An id that nobody can guess. */
    long id() {
        return random.nextLong();
    }

    Inflight inflight() {
        return inflight;
    }

    boolean isClosed() {
        return closed;
    }

    /** Sends a message to its node, or ends it. */
    void send(Envelope envelope, Optional<Reply> reply) {
        Outgoing message = new Outgoing(envelope, reply);
        String node = envelope.target().node();
        Peer known = peers.get(node);
        if (known == null && book.find(node).isEmpty()) {
            outbound.refused(message, SendError.Kind.OFFLINE);
            return;
        }
        while (!closed) {
            Peer peer = peer(node);
            if (peer.send(message)) {
                return;
            }
            peers.remove(node, peer);
        }
        outbound.unsent(message);
    }

    Peer peer(String node) {
        return peers.computeIfAbsent(node, name -> new Peer(name, this, parked));
    }

    /** Makes a connection to {@code peer}, which has messages for it. */
    void dial(Peer peer) {
        Thread.ofVirtual().name("dial-" + peer.name()).start(() -> {
            boolean succeeded = false;
            try {
                succeeded = dialler.dial(peer);
            } finally {
                peer.dialled(succeeded);
            }
        });
    }

    /** Runs a connection that is made, on a thread of its own. */
    void start(Connection connection, PeerSession session) {
        Thread.ofVirtual().name("from-" + connection.link().remote()).start(() -> connection.run(session));
    }

    /** Somebody has connected. */
    void accepted(Transport transport, Link link) {
        if (closed) {
            link.close();
            return;
        }
        Connection connection = new Connection(link, transport, false, clock, this);
        halfOpen.add(connection);
        start(connection, PeerSession.accept(us, Connection.wire(transport)));
    }

    /** Whether {@code connection} may be given messages to send. */
    boolean mayUse(Connection connection) {
        return transports.isPreferred(connection.transport());
    }

    @Override
    public void established(Connection connection, SessionEvent.Established event) {
        halfOpen.remove(connection);
        names.put(connection, event.peer());
        if (connection.dialled() ? indirect.isRouter(event.peer()) : event.proxyRequest() && router.serves(event.peer())) {
            connection.leadsFromNow();
        } else if (event.proxyRequest()) {
            lines.print(1, event.peer() + " asks this node to lead others to it, which is not permitted (\"ashlar up --router-for\")");
        }
        while (!closed) {
            Peer peer = peer(event.peer());
            if (peer.attach(connection)) {
                makeRoom(event.peer());
                return;
            }
            peers.remove(event.peer(), peer);
        }
        connection.close("the network is being stopped");
    }

    /** At the limit of peers the one that was sent nothing for longest is let go (case M30). */
    private void makeRoom(String newcomer) {
        List<Peer> connected = peers.values().stream().filter(peer -> !peer.connections().isEmpty()).toList();
        if (connected.size() > maxPeers) {
            connected.stream().filter(peer -> !peer.name().equals(newcomer)).min(Comparator.comparingLong(Peer::lastSend))
                    .ifPresent(peer -> {
                        lines.print(1, peer.name() + " is let go: there are connections with " + maxPeers + " nodes already");
                        peer.connections().forEach(peer::retire);
                    });
        }
    }

    @Override
    public void received(Connection connection, SessionEvent.Received event) {
        Envelope envelope = capabilities.checked(event.envelope());
        if (envelope.message() instanceof Response response) {
            inflight.answered(names.get(connection), envelope)
                    .ifPresent(reply -> reply.relay(envelope.source(), response, envelope.blob()));
            return;
        }
        // While it waits here nothing more is received from this node, which slows it down, and it alone.
        while (!closed && !taken(envelope)) {
            LockSupport.parkNanos(AGAIN_NANOS);
        }
    }

    private boolean taken(Envelope envelope) {
        Optional<Providers.Lease<Kernel>> lease = kernels.lease(Providers.GRACE);
        if (lease.isEmpty()) {
            return true;
        }
        try (Providers.Lease<Kernel> kernel = lease.get()) {
            return kernel.service().arrive(envelope, answer -> send(answer, Optional.empty())) == Kernel.Arrival.TAKEN;
        }
    }

    @Override
    public void routing(Connection connection, SessionEvent.Routing event) throws IOException {
        router.take(connection, event);
    }

    @Override
    public void frame(Connection connection, byte[] bytes) throws IOException {
        Peer peer = Optional.ofNullable(names.get(connection)).map(peers::get).orElseThrow(() -> new IOException("the peer is gone"));
        peer.streams().frame(connection, bytes);
    }

    @Override
    public void note(Connection connection, String text) {
        lines.print(2, text);
    }

    @Override
    public void finishing(Connection connection) {
        Optional.ofNullable(names.get(connection)).map(peers::get).ifPresent(peer -> peer.finishing(connection));
    }

    @Override
    public void ended(Connection connection, boolean clean) {
        halfOpen.remove(connection);
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
        Optional.ofNullable(peers.get(name)).ifPresent(peer -> peer.ended(connection, clean));
    }

    /** Lets the connections of a transport that goes finish what they are sending; returns when they have, bounded. */
    void drain(Transport transport, Duration patience) {
        drain(connection -> connection.transport() == transport, patience);
    }

    private void drain(Predicate<Connection> which, Duration patience) {
        halfOpen.close(which, "the transport goes");
        router.close(which);
        List<Connection> going = names.keySet().stream().filter(which).toList();
        going.forEach(connection -> Optional.ofNullable(names.get(connection)).map(peers::get)
                .ifPresent(peer -> peer.retire(connection)));
        long end = clock.nanos() + patience.toNanos();
        while (going.stream().anyMatch(names::containsKey) && clock.nanos() - end < 0) {
            LockSupport.parkNanos(AGAIN_NANOS);
        }
        going.forEach(connection -> connection.close("the transport goes"));
    }

    /** What is known of {@code name} has changed. */
    void changed(String name, boolean unwanted) {
        Peer peer = peers.get(name);
        if (peer != null) {
            if (unwanted) {
                peer.close(name + " is not wanted any more");
            } else {
                peer.forgive();
            }
        }
    }

    void tick() {
        long now = clock.nanos();
        halfOpen.expire(now);
        router.expire(now);
        indirect.keep(now);
        inflight.tidy();
        Map<String, Long> open = inflight.counts();
        peers.values().forEach(peer -> {
            if (peer.tidy(now, open.containsKey(peer.name()))) {
                peers.remove(peer.name(), peer);
            }
        });
    }

    /** All peers, in order of their names. */
    List<NetReport.PeerReport> reports() {
        Map<String, NetReport.PeerReport> reports = new TreeMap<>();
        long now = clock.nanos();
        Map<String, Long> open = inflight.counts();
        peers.values().forEach(peer -> {
            NetReport.PeerReport report = peer.report(now, open.getOrDefault(peer.name(), 0L));
            if (!report.state().equals("offline")) {
                reports.put(peer.name(), report);
            }
        });
        return List.copyOf(reports.values());
    }

    int maxPeers() {
        return maxPeers;
    }

    int halfOpenCount() {
        return halfOpen.size();
    }

    /** Ends everything in order. What waits to be sent is handed back for a successor, what was sent ends as a send error. */
    void close() {
        closed = true;
        peers.values().forEach(peer -> peer.takeWaiting().forEach(outbound::unsent));
        drain(connection -> true, Limits.DRAIN);
        peers.keySet().forEach(name -> inflight.fail(name, SendError.Kind.OFFLINE));
    }
}
