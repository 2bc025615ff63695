package org.ashlar.net;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.Transport;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.NetReport;
import org.ashlar.noise.LocalNode;
import org.ashlar.noise.PeerSession;

/**
 * All peers of this node, and what goes between them and the kernel.
 * <p>
 * Life cycle: made when the node has an identity; {@link #tick} is called about once a second; {@link #close} ends all
 * connections in order. Any thread may call.
 */
final class Network {
    /** How often is looked whether connections that go are gone. */
    private static final long AGAIN_NANOS = 5_000_000;

    private final LocalNode us;
    private final Transports transports;
    private final AddressBook book;
    private final Lines lines;
    private final Machine machine;
    private final int maxPeers;
    private final Dialler dialler;
    private final Router router;
    private final Indirect indirect;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Inflight inflight = new Inflight();
    private final HalfOpen halfOpen = new HalfOpen();
    private final Map<String, Peer> peers = new ConcurrentHashMap<>();
    private final AtomicInteger parked = new AtomicInteger();
    private final Copies copies;
    private final Reception reception;
    private final long incarnation;
    private volatile boolean closed;

    Network(Identity identity, Providers<Kernel> kernels, Transports transports, AddressBook book, Lines lines, Machine machine,
            Settings settings, int maxPeers) {
        this.us = new LocalNode(identity, book::key, machine.keys()).withExtension();
        this.transports = transports;
        this.book = book;
        this.lines = lines;
        this.machine = machine;
        this.maxPeers = maxPeers;
        this.incarnation = machine.random().nextLong();
        this.copies = new Copies(lines, machine);
        this.reception = new Reception(machine, settings.room().orElse(Limits.ROOM_BYTES));
        Capabilities capabilities = new Capabilities(identity);
        this.outbound = new Outbound(this, capabilities, lines);
        this.inbound = new Inbound(this, kernels, capabilities, lines);
        this.dialler = new Dialler(this, book, transports);
        this.router = new Router(this, book, lines, settings.routerFor());
        this.indirect = new Indirect(this, dialler, book, settings.via());
    }

    String name() {
        return us.identity().name();
    }

    LocalNode us() {
        return us;
    }

    Machine machine() {
        return machine;
    }

    Inbound inbound() {
        return inbound;
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
        return known(name).map(Peer::isLed).orElse(false);
    }

    /** The number of this run. */
    long incarnation() {
        return incarnation;
    }

    Copies copies() {
        return copies;
    }

    /** Room for large messages that come in. */
    Reception reception() {
        return reception;
    }

    HalfOpen halfOpen() {
        return halfOpen;
    }

    /** An id that nobody can guess. */
    long id() {
        return machine.random().nextLong();
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

    Optional<Peer> known(String node) {
        return Optional.ofNullable(peers.get(node));
    }

    Peer peer(String node) {
        return peers.computeIfAbsent(node, name -> new Peer(name, this, parked));
    }

    /** Makes a connection to {@code peer}, which has messages for it. */
    void dial(Peer peer) {
        machine.start("dial-" + peer.name(), () -> {
            boolean succeeded = false;
            try {
                succeeded = dialler.dial(peer);
            } finally {
                peer.dialling().over(succeeded);
            }
        });
    }

    /** Runs a connection that is made, on a thread of its own. */
    void start(Connection connection, PeerSession session) {
        machine.start("from-" + connection.link().remote(), () -> connection.run(session));
    }

    /** Somebody has connected. */
    void accepted(Transport transport, Link link) {
        if (closed) {
            link.close();
            return;
        }
        Connection connection = new Connection(link, transport, false, machine, inbound);
        halfOpen.add(connection);
        start(connection, PeerSession.accept(us, Connection.wire(transport)));
    }

    /** Whether {@code connection} may be given messages to send. */
    boolean mayUse(Connection connection) {
        return transports.isPreferred(connection.transport());
    }

    /** The handshake on {@code connection} is over: it is one with {@code name}. */
    void attach(String name, Connection connection) {
        while (!closed) {
            Peer peer = peer(name);
            if (peer.attach(connection)) {
                makeRoom(name);
                return;
            }
            peers.remove(name, peer);
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

    /** Lets the connections of a transport that goes finish what they are sending; returns when they have, bounded. */
    void drain(Transport transport, Duration patience) {
        drain(connection -> connection.transport() == transport, patience);
    }

    private void drain(Predicate<Connection> which, Duration patience) {
        halfOpen.close(which, "the transport goes");
        router.close(which);
        List<Connection> going = inbound.connections(which);
        going.forEach(connection -> inbound.peer(connection).ifPresent(peer -> peer.retire(connection)));
        long end = machine.nanos() + patience.toNanos();
        while (going.stream().anyMatch(inbound::isOpen) && machine.nanos() - end < 0) {
            machine.pause(AGAIN_NANOS);
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
                peer.dialling().forgive();
            }
        }
    }

    void tick() {
        long now = machine.nanos();
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
        long now = machine.nanos();
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
