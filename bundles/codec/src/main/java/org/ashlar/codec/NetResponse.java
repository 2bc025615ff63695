package org.ashlar.codec;

import java.util.List;
import java.util.Optional;

/** What {@code net:distro:sys} answers, as MessagePack (reference-modules 1.10). */
public sealed interface NetResponse {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 16 << 20;
    /** Most nodes in {@link Peers}. */
    int MAX_NODES = 262_144;

    /** The names on the wire. */
    private static List<String> names() {
        return List.of("Accepted", "Rejected", "Peers", "Peer", "Diagnostics", "Signed", "Verified");
    }

    /** @throws CodecException when {@code body} is no such answer */
    static NetResponse parse(byte[] body) {
        return PackReader.read("net response", body, MAX_BYTES, in -> switch (in.anyVariant("answer", names())) {
            case 0 -> in.content("Accepted", () -> new Accepted(in.nodeName("node")));
            case 1 -> in.content("Rejected", () -> new Rejected(in.nodeName("node")));
            case 2 -> in.content("Peers", () -> new Peers(in.list("peers", MAX_NODES, () -> NodePack.record(in))));
            case 3 -> in.content("Peer", () -> new Peer(in.optional("peer", () -> NodePack.record(in))));
            case 4 -> in.content("Diagnostics", () -> new Diagnostics(in.text("diagnostics")));
            case 5 -> in.unit("Signed", new Signed());
            default -> in.content("Verified", () -> new Verified(in.bool("verified")));
        });
    }

    default byte[] encode() {
        return PackWriter.pack(out -> {
            switch (this) {
                case Accepted(String node) -> out.packMapHeader(1).packString("Accepted").packString(node);
                case Rejected(String node) -> out.packMapHeader(1).packString("Rejected").packString(node);
                case Peers(List<NodeRecord> peers) -> {
                    out.packMapHeader(1).packString("Peers").packArrayHeader(peers.size());
                    for (NodeRecord peer : peers) {
                        NodePack.write(out, peer);
                    }
                }
                case Peer(Optional<NodeRecord> peer) -> {
                    out.packMapHeader(1).packString("Peer");
                    if (peer.isPresent()) {
                        NodePack.write(out, peer.get());
                    } else {
                        out.packNil();
                    }
                }
                case Diagnostics(String text) -> out.packMapHeader(1).packString("Diagnostics").packString(text);
                case Signed it -> out.packString("Signed");
                case Verified(boolean valid) -> out.packMapHeader(1).packString("Verified").packBoolean(valid);
            }
        });
    }

    /** A router's client takes the connection of this node. Nobody is known to say so. */
    record Accepted(String node) implements NetResponse { }

    /** A router's client does not want the connection of this node. */
    record Rejected(String node) implements NetResponse { }

    record Peers(List<NodeRecord> peers) implements NetResponse {
        public Peers {
            peers = List.copyOf(peers);
        }
    }

    /** @param peer empty when nothing is known of it */
    record Peer(Optional<NodeRecord> peer) implements NetResponse { }

    /** @param text for a person */
    record Diagnostics(String text) implements NetResponse { }

    /** The signature is the blob. */
    record Signed() implements NetResponse { }

    record Verified(boolean valid) implements NetResponse { }
}
