package org.ashlar.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What nodes of this kind say to each other over an encrypted channel instead of bare messages, once both have said that they
 * do ({@link HandshakePayload#extended}). Each begins with a byte that tells which it is; numbers are big-endian.
 * <p>
 * Messages travel in parts, which are numbered through: a node that has lost a connection goes on over the next one after the last
 * part that arrived, and the receiver passes over what it has. So a message is neither lost nor doubled by that.
 */
public sealed interface PeerFrame {
    /** Most bytes of a message in one part, so that a part is one piece of ciphertext. */
    int MAX_PART = 60_000;
    /** Messages that one side may have begun and not ended. */
    int LANES = 4;

    /** @throws CodecException when {@code bytes} are no such frame */
    static PeerFrame parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int kind = in.hasRemaining() ? in.get() : 0;
        int length = switch (kind) {
            case 1 -> Long.BYTES;
            case 2, 3, 4 -> 2 * Long.BYTES;
            case 5 -> Math.max(Long.BYTES + 2, Math.min(in.remaining(), Long.BYTES + 2 + MAX_PART));
            case 6, 7, 8 -> 0;
            default -> throw new CodecException("frame: is of kind " + kind + ", expected 1 to 8");
        };
        if (in.remaining() != length) {
            throw new CodecException("frame: one of kind " + kind + " has " + in.remaining() + " bytes, expected " + length);
        }
        return switch (kind) {
            case 1 -> new Hello(in.getLong());
            case 2 -> new Open(in.getLong(), in.getLong());
            case 3 -> new Opened(in.getLong(), in.getLong());
            case 4 -> new Ack(in.getLong(), in.getLong());
            case 5 -> part(in);
            case 6 -> new Probe();
            case 7 -> new Alive();
            default -> new Copies();
        };
    }

    private static PeerFrame part(ByteBuffer in) {
        long number = in.getLong();
        int lane = in.get();
        int end = in.get();
        if (number <= 0 || lane < 0 || lane >= LANES || end < 0 || end > 1) {
            throw new CodecException("frame: part " + number + " in lane " + lane + " with mark " + end);
        }
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return new Part(number, lane, end == 1, bytes);
    }

    default byte[] encode() {
        return switch (this) {
            case Hello(long incarnation) -> ByteBuffer.allocate(1 + Long.BYTES).put((byte) 1).putLong(incarnation).array();
            case Open(long stream, long next) -> pair(2, stream, next);
            case Opened(long stream, long last) -> pair(3, stream, last);
            case Ack(long stream, long last) -> pair(4, stream, last);
            case Part(long number, int lane, boolean end, byte[] bytes) -> ByteBuffer.allocate(3 + Long.BYTES + bytes.length)
                    .put((byte) 5).putLong(number).put((byte) lane).put((byte) (end ? 1 : 0)).put(bytes).array();
            case Probe it -> new byte[] {6};
            case Alive it -> new byte[] {7};
            case Copies it -> new byte[] {8};
        };
    }

    private static byte[] pair(int kind, long one, long other) {
        return ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) kind).putLong(one).putLong(other).array();
    }

    /** The first on each connection. @param incarnation a number that each run of a node's network draws anew */
    record Hello(long incarnation) implements PeerFrame { }

    /**
     * Parts of {@code stream} come over this connection from now on.
     *
     * @param next the number of the first that was never sent: where to begin for who does not know the stream
     */
    record Open(long stream, long next) implements PeerFrame { }

    /** The answer to {@link Open}. @param last the number of the last part that was taken: those after it are to be sent */
    record Opened(long stream, long last) implements PeerFrame { }

    /** All parts up to {@code last} were taken: they need not be kept, and there is room for others. */
    record Ack(long stream, long last) implements PeerFrame { }

    /**
     * A part of a message, or a whole one.
     *
     * @param number one more than that of the part before
     * @param lane   which of the messages that are under way it belongs to
     * @param end    whether it is the message's last
     * @param bytes  not to be modified
     */
    record Part(long number, int lane, boolean end, byte[] bytes) implements PeerFrame {
        @Override
        public boolean equals(Object other) {
            return other instanceof Part that && number == that.number && lane == that.lane && end == that.end
                    && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    /** Is whoever runs the other end still there? */
    record Probe() implements PeerFrame { }

    /** The answer to {@link Probe}. */
    record Alive() implements PeerFrame { }

    /** Another running node has the receiver's name and key. */
    record Copies() implements PeerFrame { }
}
