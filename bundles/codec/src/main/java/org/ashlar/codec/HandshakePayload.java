package org.ashlar.codec;

import java.util.Arrays;
import java.util.List;

/**
 * What each side says in the handshake between two nodes (reference-modules 1.4, 1.5): who it is, and the signature of its
 * networking key over the static key of this handshake.
 *
 * @param version      of the protocol; {@link #VERSION}
 * @param name         the node's name, as it says
 * @param signature    Ed25519, over the 32 bytes of the X25519 static key. Not to be modified
 * @param proxyRequest whether the other side may be asked to lead others to this node
 * @param extended     whether the sender speaks {@link PeerFrame}s. It says so by the form alone: a map, which every reader of
 *                     the specification's form accepts (1.12), with its names in the opposite order, in which nobody else writes them
 */
public record HandshakePayload(int version, String name, byte[] signature, boolean proxyRequest, boolean extended) {
    /** The one version there is. */
    public static final int VERSION = 1;
    /** Longest form read, in bytes. */
    public static final int MAX_BYTES = 4096;

    private static final List<String> FIELDS = List.of("protocol_version", "name", "signature", "proxy_request");

    /** In the specification's form. */
    public HandshakePayload(int version, String name, byte[] signature, boolean proxyRequest) {
        this(version, name, signature, proxyRequest, false);
    }

    /** The version's number is not judged here. @throws CodecException when {@code bytes} are no such payload */
    public static HandshakePayload parse(byte[] bytes) {
        return PackReader.read("handshake", bytes, MAX_BYTES, in -> {
            var read = new Object() {
                int version;
                String name;
                byte[] signature;
                boolean proxyRequest;
                int fields;
                boolean reversed = true;
            };
            in.struct("handshake", FIELDS, PackReader.optionalFields(), field -> {
                read.reversed &= field == FIELDS.size() - 1 - read.fields++;
                switch (field) {
                    case 0 -> read.version = in.number("protocol_version", 255);
                    case 1 -> read.name = in.nodeName("name");
                    case 2 -> read.signature = in.bytes("signature");
                    default -> read.proxyRequest = in.bool("proxy_request");
                }
            });
            return new HandshakePayload(read.version, read.name, read.signature, read.proxyRequest, read.reversed);
        });
    }

    public byte[] encode() {
        return PackWriter.pack(out -> {
            if (extended) {
                out.packMapHeader(FIELDS.size()).packString(FIELDS.get(3)).packBoolean(proxyRequest).packString(FIELDS.get(2));
                PackWriter.bytes(out, signature);
                out.packString(FIELDS.get(1)).packString(name).packString(FIELDS.get(0)).packInt(version);
                return;
            }
            out.packArrayHeader(FIELDS.size()).packInt(version).packString(name);
            PackWriter.bytes(out, signature);
            out.packBoolean(proxyRequest);
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HandshakePayload that && version == that.version && name.equals(that.name)
                && Arrays.equals(signature, that.signature) && proxyRequest == that.proxyRequest
                && extended == that.extended;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
