package org.ashlar.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.codec.NetAction;
import org.ashlar.codec.RoutingRequest;
import org.ashlar.noise.Ed25519Key;
import org.ashlar.noise.NoiseException;
import org.ashlar.noise.Routes;
import org.ashlar.noise.SessionEvent;

/**
 * Leads others to the nodes that this one is a router for (reference-modules 1.9). It joins two links that both came to it,
 * and never makes one: nobody can reach through it what does not keep a connection to it and stands in its list.
 * <p>
 * A link with a request for such a node waits while that node is asked, over its encrypted connection, to call back; when it
 * does, the two are a {@link Passthrough}. Who asks has signed, and so has who calls back; what they then say to each other
 * this node cannot read. Any thread may call.
 */
final class Router {
    private static final OptionalLong ASK_SECONDS = OptionalLong.of(5);

    private final Network network;
    private final AddressBook book;
    private final Lines lines;
    private final Set<String> clients;
    private final Map<Pair, Waiting> waiting = new LinkedHashMap<>();
    private final List<Passthrough> open = new ArrayList<>();
    /** Requests seen, so that none is taken twice while its time lasts. Its number is bounded; the oldest goes. */
    private final Map<String, Long> seen = new LinkedHashMap<>();
    private final Map<String, Quota> quotas;

    private record Pair(String from, String to) { }

    private record Waiting(Connection connection, byte[] rest, long since) { }

    /** @param clients the nodes that this one leads others to */
    Router(Network network, AddressBook book, Lines lines, Set<String> clients) {
        this.network = network;
        this.book = book;
        this.lines = lines;
        this.clients = clients;
        Map<String, Quota> each = new LinkedHashMap<>();
        clients.forEach(client -> each.put(client, new Quota(network.machine())));
        quotas = Map.copyOf(each);
    }

    /** Whether others may be led to {@code name}, if it keeps a connection for that. */
    boolean serves(String name) {
        return clients.contains(name);
    }

    /**
     * Somebody asks to be led elsewhere. Takes the link over: it waits or is joined.
     *
     * @throws IOException when it is not led anywhere; the message is for the person who runs this node
     */
    void take(Connection connection, SessionEvent.Routing event) throws IOException {
        RoutingRequest request = event.request();
        if (clients.isEmpty()) {
            throw new IOException("this node leads nobody to others");
        }
        check(request);
        Optional<Waiting> caller = Optional.empty();
        synchronized (this) {
            if (serves(request.source())) {
                caller = Optional.ofNullable(waiting.remove(new Pair(request.target(), request.source())));
            }
            if (caller.isEmpty()) {
                await(connection, event, request);
            }
        }
        if (caller.isPresent()) {
            join(caller.get(), connection, event.rest(), request);
        } else {
            ask(request);
        }
    }

    private void check(RoutingRequest request) throws IOException {
        Ed25519Key key = book.key(request.source())
                .orElseThrow(() -> new IOException("nothing is known here of " + request.source() + ", which asks to be led elsewhere"));
        Routes.Proof proof;
        try {
            proof = Routes.check(request, key, network.name(), network.machine().now());
        } catch (NoiseException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (proof == Routes.Proof.BOUND && isRepeated(request)) {
            throw new IOException("a routing request of " + request.source() + " came a second time");
        }
    }

    private synchronized boolean isRepeated(RoutingRequest request) {
        long now = network.machine().nanos();
        seen.values().removeIf(since -> now - since > 2 * Routes.SKEW.toNanos());
        if (seen.size() >= Limits.ROUTING_SEEN) {
            seen.remove(seen.keySet().iterator().next());
        }
        byte[] signature = request.binding().orElseThrow().signature();
        return seen.putIfAbsent(new String(signature, StandardCharsets.ISO_8859_1), now) != null;
    }

    /** With the lock held. */
    private void await(Connection connection, SessionEvent.Routing event, RoutingRequest request) throws IOException {
        String target = request.target();
        if (!serves(target)) {
            throw new IOException(request.source() + " asks to be led to " + target + ", which this node is no router for");
        }
        if (!network.isLed(target)) {
            throw new IOException(request.source() + " asks to be led to " + target + ", which keeps no connection to this node now");
        }
        if (quotas.get(target).isUsedUp()) {
            throw new IOException("as many bytes as may be have gone through this node to " + target + " within the hour");
        }
        Pair pair = new Pair(request.source(), target);
        long ofSource = waiting.keySet().stream().filter(each -> each.from().equals(request.source())).count()
                + open.stream().filter(each -> each.from().equals(request.source())).count();
        long ofTarget = waiting.keySet().stream().filter(each -> each.to().equals(target)).count()
                + open.stream().filter(each -> each.to().equals(target)).count();
        if (waiting.containsKey(pair)) {
            throw new IOException(request.source() + " waits to be led to " + target + " already");
        }
        if (ofSource >= Limits.ROUTED_OF_NODE || ofTarget >= Limits.ROUTED_OF_NODE
                || waiting.size() + open.size() >= Limits.ROUTED) {
            throw new IOException("too many are being led to others: " + request.source() + " is not led to " + target);
        }
        waiting.put(pair, new Waiting(connection, event.rest(), network.machine().nanos()));
    }

    private void ask(RoutingRequest request) {
        Address target = new Address(request.target(), Lines.SELF);
        network.send(new Envelope(network.id(), new Address(network.name(), Lines.SELF), target, Optional.empty(),
                new Request(false, ASK_SECONDS, new NetAction.ConnectionRequest(request.source()).encode(), Optional.empty(), List.of()),
                Optional.empty()), Optional.empty());
    }

    private void join(Waiting caller, Connection called, byte[] rest, RoutingRequest request) throws IOException {
        if (caller.connection().transport().keepsPieces() != called.transport().keepsPieces()) {
            caller.connection().close("the two came over different transports");
            throw new IOException(request.target() + " and " + request.source() + " came over different transports, and cannot be joined");
        }
        Passthrough passthrough = new Passthrough(request.target(), request.source(), caller.connection(), called,
                quotas.get(request.source()), network.machine(), this::ended);
        synchronized (this) {
            open.add(passthrough);
        }
        lines.print(2, request.target() + " is led to " + request.source());
        passthrough.start(caller.rest(), rest);
    }

    private synchronized void ended(Passthrough passthrough) {
        open.remove(passthrough);
    }

    /** Closes what waits too long, and what nothing goes over. */
    void expire(long now) {
        List<Connection> late = new ArrayList<>();
        List<Passthrough> idle;
        synchronized (this) {
            waiting.values().removeIf(each -> now - each.since() > Limits.ROUTED_WAIT.toNanos() && late.add(each.connection()));
            idle = open.stream().filter(each -> now - each.lastTraffic() > Limits.IDLE.toNanos()).toList();
        }
        late.forEach(each -> each.close("the node that was asked for did not call back"));
        idle.forEach(each -> each.close());
    }

    /** Ends what goes over {@code which}. */
    void close(Predicate<Connection> which) {
        List<Connection> going = new ArrayList<>();
        List<Passthrough> ending;
        synchronized (this) {
            waiting.values().removeIf(each -> which.test(each.connection()) && going.add(each.connection()));
            ending = open.stream().filter(each -> each.uses(which)).toList();
        }
        going.forEach(each -> each.close("the transport goes"));
        ending.forEach(Passthrough::close);
    }

    synchronized int waitingCount() {
        return waiting.size();
    }

    /** Who is led to whom, for a person. */
    synchronized List<String> lines() {
        return open.stream().map(each -> each.from() + " to " + each.to() + ", " + each.bytes() + " bytes").toList();
    }
}
