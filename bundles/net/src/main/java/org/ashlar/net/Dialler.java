package org.ashlar.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.Transport;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.RoutingRequest;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.Routes;
import org.ashlar.noise.Wire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections to nodes. A node that lists a TCP port is tried by TCP alone, one that lists none by WebSocket
 * (reference-modules 1.1, 1.12); without a transport for the one, the other will do. One that can be
 * reached at no address is asked for at its routers, in any order (reference-modules 1.9). Any thread may call; it is kept waiting.
 */
final class Dialler {
    private static final Logger LOG = LoggerFactory.getLogger(Dialler.class);
    /** In this order. */
    private static final List<String> PROTOCOLS = List.of("tcp", "ws");
    private static final long AGAIN_NANOS = 100_000_000;

    private final Network network;
    private final AddressBook book;
    private final Transports transports;

    Dialler(Network network, AddressBook book, Transports transports) {
        this.network = network;
        this.book = book;
        this.transports = transports;
    }

    /** Returns when there is a connection, or none can be made. */
    boolean dial(Peer peer) {
        while (!network.isClosed()) {
            if (peer.isConnected() && !peer.dialling().lacksRouter()) {
                return true;
            }
            network.machine().pause(peer.dialling().pause());
            try {
                once(peer.name());
                return true;
            } catch (IOException e) {
                LOG.debug("{} cannot be reached", peer.name(), e);
                if (!peer.dialling().isPatient() || book.find(peer.name()).isEmpty()) {
                    return false;
                }
                // Two that ask a router for each other at the same moment are not to do so for ever.
                network.machine().pause(AGAIN_NANOS + network.machine().random().nextLong(AGAIN_NANOS));
            }
        }
        return false;
    }

    private void once(String name) throws IOException {
        NodeCard card = book.find(name).orElseThrow(() -> new IOException("nothing is known of " + name));
        IOException last = new IOException(name + " has no address that can be used here");
        for (NodeAddress address : reachable(card)) {
            try {
                establish(address, true, wire -> PeerSession.dial(network.us(), wire, name, network.indirect().isRouter(name)));
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        List<String> routers = new ArrayList<>(card.routers());
        Collections.shuffle(routers, Random.from(network.machine().random()));
        for (String router : routers) {
            try {
                if (!router.equals(network.name())) {
                    through(router, name, true);
                    return;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** Answers {@code caller}, which waits at {@code router}. */
    void callBack(String router, String caller) throws IOException {
        through(router, caller, false);
    }

    private void through(String router, String name, boolean dialled) throws IOException {
        NodeCard card = book.find(router).orElseThrow(() -> new IOException("nothing is known of " + router + ", the router of " + name));
        IOException last = new IOException(router + ", a router, has no address that can be used here");
        for (NodeAddress address : reachable(card)) {
            try {
                RoutingRequest request = Routes.bound(network.us().identity(), name, router, network.machine().now());
                establish(address, dialled, wire -> dialled ? PeerSession.dialThrough(network.us(), wire, request)
                        : PeerSession.acceptThrough(network.us(), wire, request));
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private List<NodeAddress> reachable(NodeCard card) {
        Optional<String> protocol = PROTOCOLS.stream().filter(transports::knows)
                .filter(each -> card.addresses().stream().anyMatch(address -> address.protocol().equals(each))).findFirst();
        return card.addresses().stream().filter(address -> protocol.equals(Optional.of(address.protocol()))).toList();
    }

    private void establish(NodeAddress address, boolean dialled, Function<Wire, PeerSession> session) throws IOException {
        InetAddress host = network.machine().call(() -> InetAddress.getByName(address.host()));
        try (Providers.Lease<Transport> lease = transports.lease(address.protocol(), Limits.TRANSPORT)
                .orElseThrow(() -> new IOException("there is no transport for " + address))) {
            Transport transport = lease.service();
            long end = network.machine().nanos() + Limits.HANDSHAKE.toNanos();
            Link link = transport.connect(new InetSocketAddress(host, address.port()), Limits.HANDSHAKE);
            Connection connection = new Connection(link, transport, dialled, network.machine(), network.inbound());
            network.start(connection, session.apply(Connection.wire(transport)));
            connection.awaitEstablished(Math.max(1, end - network.machine().nanos()));
        }
    }
}
