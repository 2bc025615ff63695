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
 */
public record HandshakePayload(int version, String name, byte[] signature, boolean proxyRequest) {
    /** The one version there is. */
    public static final int VERSION = 1;
    /** Longest form read, in bytes. */
    public static final int MAX_BYTES = 4096;

    private static final List<String> FIELDS = List.of("protocol_version", "name", "signature", "proxy_request");

    /** The version's number is not judged here. @throws CodecException when {@code bytes} are no such payload */
    public static HandshakePayload parse(byte[] bytes) {
        return PackReader.read("handshake", bytes, MAX_BYTES, in -> {
            var read = new Object() {
                int version;
                String name;
                byte[] signature;
                boolean proxyRequest;
            };
            in.struct("handshake", FIELDS, PackReader.optionalFields(), field -> {
                switch (field) {
                    case 0 -> read.version = in.number("protocol_version", 255);
                    case 1 -> read.name = in.nodeName("name");
                    case 2 -> read.signature = in.bytes("signature");
                    default -> read.proxyRequest = in.bool("proxy_request");
                }
            });
            return new HandshakePayload(read.version, read.name, read.signature, read.proxyRequest);
        });
    }

    public byte[] encode() {
        return PackWriter.pack(out -> {
            out.packArrayHeader(FIELDS.size()).packInt(version).packString(name);
            PackWriter.bytes(out, signature);
            out.packBoolean(proxyRequest);
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HandshakePayload that && version == that.version && name.equals(that.name)
                && Arrays.equals(signature, that.signature) && proxyRequest == that.proxyRequest;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
