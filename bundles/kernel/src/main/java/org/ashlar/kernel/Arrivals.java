package org.ashlar.kernel;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Kernel.Arrival;

/** Takes in what came from other nodes (reference-kernel 2.11). Any thread may call; none is ever parked. */
final class Arrivals {
    /** How long a Request is open that continues one of a third node: that one's deadline does not come with it. */
    private static final OptionalLong CHAIN_SECONDS = OptionalLong.of(3_600);
    /** Most pairs of a node and a process of ours of which it is remembered that a line was printed. */
    private static final int MAX_TOLD = 1_024;
    /** Most nodes that are kept though nothing of them is here. */
    private static final int MAX_IDLE = 1_024;

    private final Node node;
    /** One for each node of which something is here; beyond {@link #MAX_IDLE} those of which nothing is are forgotten. */
    private final ConcurrentMap<String, RemoteSlot> remotes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Boolean> told = new ConcurrentHashMap<>();

    Arrivals(Node node) {
        this.node = node;
    }

    Collection<RemoteSlot> remotes() {
        return remotes.values();
    }

    Arrival take(Envelope envelope, Consumer<Envelope> answered) {
        Address source = envelope.source();
        Address target = envelope.target();
        if (source.node().equals(node.name()) || !target.node().equals(node.name())
                || !(envelope.message() instanceof Request request)) {
            throw new IllegalArgumentException("a message from " + source + " to " + target + " is no Request from another node");
        }
        if (!remotes.containsKey(source.node())) {
            forgetIdle();
        }
        RemoteSlot from = remotes.compute(source.node(), (name, before) -> (before == null ? new RemoteSlot(name, node.heap()) : before).entered());
        try {
            return take(from, envelope, request, answered);
        } finally {
            from.left();
        }
    }

    private void forgetIdle() {
        if (remotes.size() >= MAX_IDLE) {
            remotes.keySet().forEach(name -> remotes.computeIfPresent(name, (same, slot) -> slot.isIdle() ? null : slot));
        }
    }

    private Arrival take(RemoteSlot from, Envelope envelope, Request request, Consumer<Envelope> answered) {
        if (!from.hasRoom()) {
            return Arrival.NO_ROOM;
        }
        Address source = envelope.source();
        Address target = envelope.target();
        Slot to = node.slots().get(target.process());
        if (to == null) {
            node.printer().print(Router.NET, 2, source + " sent to " + target + ", which does not exist");
        } else if (!node.router().hearsOthers(to)) {
            tellOnce(source.node(), to);
        } else if (!envelope.repliable()) {
            node.outbox().arrive(from, to, new Item.Mail(envelope, null, node.clock().now(), node.clock().nanos()));
        } else {
            open(from, to, envelope, request, answered);
        }
        return Arrival.TAKEN;
    }

    private void open(RemoteSlot from, Slot to, Envelope envelope, Request request, Consumer<Envelope> answered) {
        long weight = Weight.of(envelope);
        if (!from.open(weight)) {
            node.printer().print(Router.NET, 1, "a Request of " + envelope.source() + " was dropped: " + RemoteSlot.MAX_OPEN_BYTES
                    + " bytes of what its node asked are not answered yet");
            return;
        }
        OptionalLong seconds = request.expectsResponse().isPresent() ? request.expectsResponse() : CHAIN_SECONDS;
        Exchange exchange = new Exchange(from, envelope, null, null, node.dispatch().deadline(seconds), end -> {
            from.ended(weight);
            if (end instanceof Item.Answered answer) {
                answered.accept(answer.envelope());
            }
        });
        if (!from.outstanding().add(exchange)) {
            from.ended(weight);
            node.printer().print(Router.NET, 1, "a Request of " + envelope.source() + " was dropped: " + Outstanding.MAX
                    + " of its node are not answered yet");
            return;
        }
        exchange.hold();
        node.outbox().arrive(from, to, new Item.Mail(envelope, exchange, node.clock().now(), node.clock().nanos()));
    }

    /** A stranger decides how often this happens, so one line for each node and process is enough. */
    private void tellOnce(String from, Slot to) {
        if (told.size() < MAX_TOLD && told.putIfAbsent(from + "@" + to.id(), true) == null) {
            node.printer().print(to.id(), 0, "what " + from + " sends to " + to.id()
                    + " is dropped: it does not hear from other nodes (it lacks the network capability)");
        }
    }
}
