package org.ashlar.codec;

import java.util.Arrays;
import java.util.List;
import org.ashlar.api.message.Address;

/** What {@code net:distro:sys} is asked to do, as MessagePack (reference-modules 1.10). */
public sealed interface NetAction {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 16 << 20;
    /** Most nodes in one {@link KnsBatchUpdate}. */
    int MAX_NODES = 262_144;

    /** The names on the wire, in the order of their numbers; after them those that Hyperware has for two of them. */
    private static List<String> names() {
        return List.of("ConnectionRequest", "KnsUpdate", "KnsBatchUpdate", "GetPeers", "GetPeer", "GetDiagnostics", "Sign",
                "Verify", "HnsUpdate", "HnsBatchUpdate");
    }

    /** @throws CodecException when {@code body} is no such action: then it is a text that somebody says with {@code hi} */
    static NetAction parse(byte[] body) {
        return PackReader.read("net request", body, MAX_BYTES, in -> switch (in.anyVariant("action", names())) {
            case 0 -> in.content("ConnectionRequest", () -> new ConnectionRequest(in.nodeName("node")));
            case 1, 8 -> in.content("KnsUpdate", () -> new KnsUpdate(NodePack.update(in)));
            case 2, 9 -> in.content("KnsBatchUpdate",
                    () -> new KnsBatchUpdate(in.list("updates", MAX_NODES, () -> NodePack.update(in))));
            case 3 -> in.unit("GetPeers", new GetPeers());
            case 4 -> in.content("GetPeer", () -> new GetPeer(in.nodeName("name")));
            case 5 -> in.unit("GetDiagnostics", new GetDiagnostics());
            case 6 -> in.unit("Sign", new Sign());
            default -> in.content("Verify", () -> verify(in));
        });
    }

    private static Verify verify(PackReader in) {
        var read = new Object() {
            Address from;
            byte[] signature;
        };
        in.struct("Verify", List.of("from", "signature"), PackReader.optionalFields(), field -> {
            if (field == 0) {
                read.from = in.identifier("from", Address::parse);
            } else {
                read.signature = in.bytes("signature");
            }
        });
        return new Verify(read.from, read.signature);
    }

    default byte[] encode() {
        return PackWriter.pack(out -> {
            switch (this) {
                case ConnectionRequest(String node) -> out.packMapHeader(1).packString("ConnectionRequest").packString(node);
                case KnsUpdate(NodeUpdate update) -> NodePack.write(out.packMapHeader(1).packString("KnsUpdate"), update);
                case KnsBatchUpdate(List<NodeUpdate> updates) -> {
                    out.packMapHeader(1).packString("KnsBatchUpdate").packArrayHeader(updates.size());
                    for (NodeUpdate update : updates) {
                        NodePack.write(out, update);
                    }
                }
                case GetPeers it -> out.packString("GetPeers");
                case GetPeer(String name) -> out.packMapHeader(1).packString("GetPeer").packString(name);
                case GetDiagnostics it -> out.packString("GetDiagnostics");
                case Sign it -> out.packString("Sign");
                case Verify(Address from, byte[] signature) -> PackWriter.bytes(
                        out.packMapHeader(1).packString("Verify").packArrayHeader(2).packString(from.toString()), signature);
            }
        });
    }

    /** From a router of ours: {@code node} waits there for us. */
    record ConnectionRequest(String node) implements NetAction { }

    /** News of a node. */
    record KnsUpdate(NodeUpdate update) implements NetAction { }

    /** News of several nodes. */
    record KnsBatchUpdate(List<NodeUpdate> updates) implements NetAction {
        public KnsBatchUpdate {
            updates = List.copyOf(updates);
        }
    }

    record GetPeers() implements NetAction { }

    record GetPeer(String name) implements NetAction { }

    record GetDiagnostics() implements NetAction { }

    /** Sign the blob, as from who asks. */
    record Sign() implements NetAction { }

    /**
     * Is this signature over the blob that of {@code from}?
     *
     * @param signature not to be modified
     */
    record Verify(Address from, byte[] signature) implements NetAction {
        @Override
        public boolean equals(Object other) {
            return other instanceof Verify that && from.equals(that.from) && Arrays.equals(signature, that.signature);
        }

        @Override
        public int hashCode() {
            return from.hashCode();
        }
    }
}
