package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.process.Reply;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.NetAction;
import org.ashlar.codec.NetResponse;
import org.ashlar.codec.NodeRecord;
import org.ashlar.codec.NodeRoute;
import org.ashlar.codec.NodeUpdate;
import org.ashlar.noise.Ed25519Key;

/** What processes ask of {@code net:distro:sys}, and what people on other nodes say with {@code hi} (reference-modules 1.10). */
final class Actions {
    private static final String ROOT = "{\"root\":true}";

    private final Identity identity;
    private final Network network;
    private final AddressBook book;
    private final Doors doors;
    private final Lines lines;
    private final Machine machine;
    private final Map<String, Said> said = new ConcurrentHashMap<>();

    /** How many lines a node has made appear since when. */
    private record Said(long since, int lines) { }

    Actions(Identity identity, Network network, AddressBook book, Doors doors, Lines lines, Machine machine) {
        this.identity = identity;
        this.network = network;
        this.book = book;
        this.doors = doors;
        this.lines = lines;
        this.machine = machine;
    }

    /**
     * From another node. That somebody asks for this node at a router is for its {@link Indirect} part, and has no answer;
     * whatever else is asked is taken for a greeting, and answered.
     */
    void fromOther(Envelope request, Reply reply) {
        if (request.source().process().equals(Lines.SELF)
                && parsed(request).orElse(null) instanceof NetAction.ConnectionRequest(String caller)) {
            network.indirect().asked(request.source().node(), caller);
            return;
        }
        hi(request);
        reply.respond(Response.of("ack"));
    }

    private static Optional<NetAction> parsed(Envelope request) {
        try {
            return Optional.of(NetAction.parse(request.message().body()));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    /** From a process of this node. @return false when it is no {@link NetAction} */
    boolean fromHere(Envelope request, Reply reply) throws IOException {
        Optional<NetAction> action = parsed(request);
        if (action.isEmpty()) {
            return false;
        }
        switch (action.get()) {
            case NetAction.ConnectionRequest it -> { }
            case NetAction.KnsUpdate(NodeUpdate update) -> announce(request, reply, List.of(update));
            case NetAction.KnsBatchUpdate(List<NodeUpdate> updates) -> announce(request, reply, updates);
            case NetAction.GetPeers it -> answer(reply, new NetResponse.Peers(network.reports().stream()
                    .flatMap(peer -> book.find(peer.name()).stream()).map(Actions::record).toList()));
            case NetAction.GetPeer(String name) -> answer(reply, new NetResponse.Peer(name.equals(identity.name())
                    ? Optional.of(record(own())) : book.find(name).map(Actions::record)));
            case NetAction.GetDiagnostics it -> answer(reply, new NetResponse.Diagnostics(diagnostics()));
            case NetAction.Sign it -> reply.respond(Response.of(new NetResponse.Signed().encode()),
                    Optional.of(Blob.of(identity.sign(signed(request.source(), request)))));
            case NetAction.Verify(Address from, byte[] signature) ->
                    answer(reply, new NetResponse.Verified(verifies(from, signed(from, request), signature)));
        }
        return true;
    }

    /** Greets the person who runs this node. */
    void hi(Envelope request) {
        String node = request.source().node();
        if (!mayAppear(node)) {
            return;
        }
        byte[] body = request.message().body();
        String text = new String(body, 0, Math.min(body.length, Limits.HI_BYTES), UTF_8).replaceAll("\\p{Cntrl}", "\ufffd");
        lines.print(0, node + ": " + text);
    }

    private boolean mayAppear(String node) {
        long now = machine.nanos();
        if (said.size() >= Limits.HI_NODES) {
            said.values().removeIf(each -> now - each.since() > Limits.HI_TIME.toNanos());
            if (said.size() >= Limits.HI_NODES && !said.containsKey(node)) {
                return false;
            }
        }
        return said.compute(node, (name, before) -> before == null || now - before.since() > Limits.HI_TIME.toNanos()
                ? new Said(now, 1) : new Said(before.since(), before.lines() + 1)).lines() <= Limits.HI_LINES;
    }

    private static void answer(Reply reply, NetResponse response) {
        reply.respond(Response.of(response.encode()));
    }

    private byte[] signed(Address from, Envelope request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(from.toString().getBytes(UTF_8));
        if (request.blob().isPresent()) {
            bytes.writeBytes(machine.call(request.blob().get()::bytes));
        }
        return bytes.toByteArray();
    }

    private boolean verifies(Address from, byte[] message, byte[] signature) {
        return from.node().equals(identity.name()) ? identity.verify(message, signature)
                : book.key(from.node()).map(key -> key.verifies(message, signature)).orElse(false);
    }

    /** News of nodes: from whoever holds the right to tell them (case M20). */
    private void announce(Envelope request, Reply reply, List<NodeUpdate> updates) {
        Address self = new Address(identity.name(), Lines.SELF);
        if (!reply.senderHolds(new Capability(self, ROOT))) {
            lines.print(0, request.source().process() + " told of " + updates.size() + " nodes, which was not heeded: it lacks the"
                    + " capability " + ROOT + " of " + Lines.SELF);
            return;
        }
        updates.forEach(this::announce);
    }

    private void announce(NodeUpdate update) {
        try {
            NodeCard card = card(update);
            switch (book.announce(card)) {
                case TAKEN -> network.changed(card.name(), false);
                case OTHER_KEY -> lines.print(0, "news of " + card.name() + " give it another key (" + card.fingerprint()
                        + ") than the one that is known here (" + book.find(card.name()).map(NodeCard::fingerprint).orElse("")
                        + "); they are not heeded. Ask its owner; \"ashlar peer add CARD --replace\" takes the new one");
                case FULL -> lines.print(1, "news of " + card.name() + " are not heeded: " + Limits.ANNOUNCED + " nodes are known");
            }
        } catch (IllegalArgumentException e) {
            lines.print(2, "news of " + update.name() + " are not heeded: " + e.getMessage());
        }
    }

    private static NodeCard card(NodeUpdate update) {
        byte[] key = Ed25519Key.parse(update.key()).map(Ed25519Key::bytes)
                .orElseThrow(() -> new IllegalArgumentException("its key is none"));
        return switch (update.toRecord().route()) {
            case NodeRoute.Routers(List<String> routers) -> new NodeCard(update.name(), key, List.of(), routers);
            case NodeRoute.Direct(String ip, SortedMap<String, Integer> ports) -> new NodeCard(update.name(), key,
                    ports.entrySet().stream().filter(port -> port.getValue() > 0)
                            .map(port -> new NodeAddress(port.getKey(), ip, port.getValue())).toList(), List.of());
            case NodeRoute.Both(String ip, SortedMap<String, Integer> ports, List<String> routers) ->
                    throw new IllegalArgumentException("it is still being registered");
        };
    }

    static NodeRecord record(NodeCard card) {
        SortedMap<String, Integer> ports = new TreeMap<>();
        card.addresses().forEach(address -> ports.putIfAbsent(address.protocol(), address.port()));
        return new NodeRecord(card.name(), "0x" + HexFormat.of().formatHex(card.key()), card.addresses().isEmpty()
                ? new NodeRoute.Routers(card.routers()) : new NodeRoute.Direct(card.addresses().getFirst().host(), ports));
    }

    /** This node's own card. */
    NodeCard own() {
        return new NodeCard(identity.name(), identity.publicKey(), doors.addresses(), network.indirect().routers());
    }

    private String diagnostics() {
        StringBuilder text = new StringBuilder("own identity: ").append(Arrays.toString(own().addresses().toArray())).append(' ')
                .append(identity.name()).append(" 0x").append(HexFormat.of().formatHex(identity.publicKey())).append("\r\n");
        var peers = network.reports();
        text.append("we have connections with ").append(peers.size()).append(" peers (at most ").append(network.maxPeers())
                .append("):\r\n");
        peers.forEach(peer -> text.append("    ").append(peer.name()).append(", ").append(peer.state()).append(' ').append(peer.over())
                .append(", ").append(peer.sent()).append(" sent, ").append(peer.received()).append(" received, ")
                .append(peer.waiting()).append(" waiting, ").append(peer.open()).append(" open\r\n"));
        network.router().lines().forEach(line -> text.append("    led: ").append(line).append("\r\n"));
        return text.append("half-open connections: ").append(network.halfOpenCount()).append("\r\nnodes known: ")
                .append(book.size()).append("\r\n").toString();
    }
}
