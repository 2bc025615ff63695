package org.ashlar.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    /** Most bytes of a message in parts that goes without being {@linkplain Offer offered}. */
    int UNOFFERED = 2 << 20;
    /** In place of the number of a part, of a stream that is not known. */
    long UNKNOWN = -1;
    /** Messages that one side may have begun and not ended, but for the first of these, in which each is of one part. */
    int LANES = 6;

    /** In place of the number of a stream: who says so speaks of itself ({@link Speaks}). */
    long NO_STREAM = 0;
    /** What {@link Speaks} says: {@link Group}s are understood. */
    long GROUPS = 1;
    /** Most bytes of a {@link Group}, so that it is one piece of ciphertext. */
    int MAX_GROUP = 32_000;

    /** @throws CodecException when {@code bytes} are no such frame */
    static PeerFrame parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return in.hasRemaining() && in.get(0) == Group.KIND ? Group.parse(in) : parse(in);
    }

    private static PeerFrame parse(ByteBuffer in) {
        int kind = in.hasRemaining() ? in.get() : 0;
        int length = switch (kind) {
            case 1, 2, 3, 4 -> 2 * Long.BYTES;
            case 5 -> Math.max(Long.BYTES + 2, Math.min(in.remaining(), Long.BYTES + 2 + MAX_PART));
            case 6, 7, 8 -> 0;
            case 9 -> 3 * Long.BYTES + 1;
            case 10 -> 2 * Long.BYTES;
            default -> throw new CodecException("frame: is of kind " + kind + ", expected 1 to 10, or a group of these");
        };
        if (in.remaining() != length) {
            throw new CodecException("frame: one of kind " + kind + " has " + in.remaining() + " bytes, expected " + length);
        }
        return switch (kind) {
            case 1 -> new Hello(in.getLong(), bytes(in));
            case 2 -> new Open(in.getLong(), in.getLong());
            case 3 -> new Opened(in.getLong(), in.getLong());
            case 4 -> acknowledgement(in.getLong(), in.getLong());
            case 5 -> part(in);
            case 6 -> new Probe();
            case 7 -> new Alive();
            case 8 -> new Copies();
            case 9 -> new Offer(in.getLong(), in.getLong(), lane(in), bytes(in));
            default -> new Take(in.getLong(), in.getLong());
        };
    }

    private static PeerFrame acknowledgement(long stream, long number) {
        return stream == NO_STREAM ? new Speaks(number) : new Ack(stream, number);
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

    private static int lane(ByteBuffer in) {
        int lane = in.get();
        if (lane <= 0 || lane >= LANES) {
            throw new CodecException("frame: lane " + lane + ", expected 1 to " + (LANES - 1));
        }
        return lane;
    }

    private static int bytes(ByteBuffer in) {
        long bytes = in.getLong();
        if (bytes < 0 || bytes > Integer.MAX_VALUE) {
            throw new CodecException("frame: " + bytes + " bytes of a message, expected at most " + Integer.MAX_VALUE);
        }
        return (int) bytes;
    }

    default byte[] encode() {
        return switch (this) {
            case Hello(long incarnation, int largest) -> pair(1, incarnation, largest);
            case Open(long stream, long next) -> pair(2, stream, next);
            case Opened(long stream, long last) -> pair(3, stream, last);
            case Ack(long stream, long last) -> pair(4, stream, last);
            case Part(long number, int lane, boolean end, byte[] bytes) -> ByteBuffer.allocate(3 + Long.BYTES + bytes.length)
                    .put((byte) 5).putLong(number).put((byte) lane).put((byte) (end ? 1 : 0)).put(bytes).array();
            case Probe it -> new byte[] {6};
            case Alive it -> new byte[] {7};
            case Copies it -> new byte[] {8};
            case Offer(long stream, long number, int lane, int bytes) -> ByteBuffer.allocate(2 + 3 * Long.BYTES).put((byte) 9)
                    .putLong(stream).putLong(number).put((byte) lane).putLong(bytes).array();
            case Take(long stream, long number) -> pair(10, stream, number);
            case Speaks(long version) -> pair(4, NO_STREAM, version);
            case Group(List<PeerFrame> frames) -> Group.of(frames.stream().map(PeerFrame::encode).toList());
        };
    }

    private static byte[] pair(int kind, long one, long other) {
        return ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) kind).putLong(one).putLong(other).array();
    }

    /**
     * The first on each connection.
     *
     * @param incarnation a number that each run of a node's network draws anew
     * @param largest     bytes of the largest message that the node takes
     */
    record Hello(long incarnation, int largest) implements PeerFrame { }

    /**
     * Parts of {@code stream} come over this connection from now on.
     *
     * @param next the number of the first that was never sent: 1 for a stream that begins
     */
    record Open(long stream, long next) implements PeerFrame { }

    /**
     * The answer to {@link Open}.
     *
     * @param last the number of the last part that was taken: those after it are to be sent. {@link #UNKNOWN} for a stream of which
     *             nothing is known here, though parts of it were sent: it cannot go on, and another begins
     */
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

    /**
     * A message of more than {@link #UNOFFERED} bytes is to come in {@code lane}; it waits for the answer, and is offered again
     * over each connection until that comes.
     *
     * @param number of this message among those that were offered
     * @param bytes  of the whole message
     */
    record Offer(long stream, long number, int lane, int bytes) implements PeerFrame { }

    /** The answer to {@link Offer}: there is room, and the parts may come. */
    record Take(long stream, long number) implements PeerFrame { }

    /**
     * What the sender understands beyond what every node of this kind does. It has the form of an {@link Ack} of no stream, which
     * those that do not know it pass over.
     *
     * @param version {@link #GROUPS} or more
     */
    record Speaks(long version) implements PeerFrame { }

    /**
     * Several frames at once, none of them a group: what encrypting costs is mostly its beginning. Goes only to nodes that said
     * that they {@link Speaks speak} of {@link #GROUPS}. Each frame has its length before it, in two bytes.
     */
    record Group(List<PeerFrame> frames) implements PeerFrame {
        private static final byte KIND = 11;

        private static Group parse(ByteBuffer in) {
            if (in.remaining() > MAX_GROUP) {
                throw new CodecException("frame: a group of " + in.remaining() + " bytes, expected at most " + MAX_GROUP);
            }
            in.get();
            List<PeerFrame> frames = new ArrayList<>();
            while (in.hasRemaining()) {
                int length = in.remaining() < Short.BYTES ? Integer.MAX_VALUE : in.getShort() & 0xffff;
                if (length > in.remaining()) {
                    throw new CodecException("frame: one in a group is longer than the group");
                }
                frames.add(PeerFrame.parse(in.slice(in.position(), length)));
                in.position(in.position() + length);
            }
            return new Group(frames);
        }

        private static byte[] of(List<byte[]> frames) {
            ByteBuffer out = ByteBuffer.allocate(1 + frames.stream().mapToInt(each -> Short.BYTES + each.length).sum()).put(KIND);
            frames.forEach(each -> out.putShort((short) each.length).put(each));
            return out.array();
        }

        /** Puts small frames together, as many as go into a group; larger ones stay as they are. In order. */
        public static List<byte[]> together(List<byte[]> frames) {
            List<byte[]> out = new ArrayList<>();
            int from = 0;
            int bytes = 1;
            for (int i = 0; i < frames.size(); i++) {
                int more = Short.BYTES + frames.get(i).length;
                if (bytes + more > MAX_GROUP) {
                    add(frames.subList(from, i), out);
                    from = i;
                    bytes = 1;
                }
                bytes += more;
            }
            add(frames.subList(from, frames.size()), out);
            return out;
        }

        private static void add(List<byte[]> frames, List<byte[]> out) {
            if (frames.size() > 1) {
                out.add(of(frames));
            } else {
                out.addAll(frames);
            }
        }
    }
}
