package org.ashlar.codec;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a router is asked: to lead a connection to a node that keeps one open to it (reference-modules 1.4, 1.9).
 * <p>
 * The specification's signature covers neither the time nor who asks, so whoever sees the request can repeat it for ever.
 * A {@link Binding} beside it covers both. With one, the request goes as a map with names, which every reader of the
 * specification's form accepts, and of which it passes over the two names that it does not know.
 *
 * @param version   of the protocol; no reader looks at it
 * @param source    who asks
 * @param signature of the source, over the names of target and router without anything in between. Not to be modified
 * @param target    whom to lead to
 * @param binding   what binds the request to its time and both ends
 */
public record RoutingRequest(int version, String source, byte[] signature, String target, Optional<Binding> binding) {
    /** Longest form read, in bytes. */
    public static final int MAX_BYTES = 4096;

    private static final List<String> FIELDS =
            List.of("protocol_version", "source", "signature", "target", "time", "binding");
    private static final int LISTED = 4;

    /**
     * @param time      seconds since 1970 at which the request was made
     * @param signature of the source, over time and all three names. Not to be modified
     */
    public record Binding(long time, byte[] signature) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Binding that && time == that.time && Arrays.equals(signature, that.signature);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(time);
        }
    }

    /** @throws CodecException when {@code bytes} are no such request */
    public static RoutingRequest parse(byte[] bytes) {
        return PackReader.read("routing request", bytes, MAX_BYTES, in -> {
            var read = new Object() {
                int version;
                String source;
                byte[] signature;
                String target;
                Optional<Long> time = Optional.empty();
                Optional<byte[]> binding = Optional.empty();
            };
            in.struct("routing request", FIELDS, LISTED, PackReader.optionalFields(4, 5), field -> {
                switch (field) {
                    case 0 -> read.version = in.number("protocol_version", 255);
                    case 1 -> read.source = in.nodeName("source");
                    case 2 -> read.signature = in.bytes("signature");
                    case 3 -> read.target = in.nodeName("target");
                    case 4 -> read.time = Optional.of(in.u64("time"));
                    default -> read.binding = Optional.of(in.bytes("binding"));
                }
            });
            if (read.time.isPresent() != read.binding.isPresent()) {
                throw new CodecException("routing request: has one of time and binding, expected both or none");
            }
            return new RoutingRequest(read.version, read.source, read.signature, read.target,
                    read.time.map(time -> new Binding(time, read.binding.orElseThrow())));
        });
    }

    public byte[] encode() {
        return PackWriter.pack(out -> {
            if (binding.isEmpty()) {
                out.packArrayHeader(LISTED).packInt(version).packString(source);
                PackWriter.bytes(out, signature);
                out.packString(target);
                return;
            }
            out.packMapHeader(FIELDS.size()).packString(FIELDS.get(0)).packInt(version);
            out.packString(FIELDS.get(1)).packString(source).packString(FIELDS.get(2));
            PackWriter.bytes(out, signature);
            out.packString(FIELDS.get(3)).packString(target).packString(FIELDS.get(4));
            PackWriter.u64(out, binding.get().time());
            out.packString(FIELDS.get(5));
            PackWriter.bytes(out, binding.get().signature());
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoutingRequest that && version == that.version && source.equals(that.source)
                && Arrays.equals(signature, that.signature) && target.equals(that.target) && binding.equals(that.binding);
    }

    @Override
    public int hashCode() {
        return Objects.hash(source, target);
    }
}
