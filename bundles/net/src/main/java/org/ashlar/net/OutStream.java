package org.ashlar.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.PeerFrame;

/**
 * What goes to one node of this kind: numbered parts of messages, each kept until the other side has said that it took it. After
 * a connection is lost, those that it did not take go first over the next one.
 * <p>
 * A message of one part goes at once; of larger ones a few are under way at a time and take turns, so that small messages of
 * other processes pass them. Those of one process never pass each other. Not for several threads; its {@link Peer} guards it.
 */
final class OutStream {
    /** The lane of messages that are whole. */
    private static final int WHOLE = 0;

    private final Deque<Sent> again = new ArrayDeque<>();
    private final Deque<Sent> unacknowledged = new ArrayDeque<>();
    private final List<Large> large = new ArrayList<>();
    private final LongSupplier ids;
    private long id;
    private long next = 1;
    private long bytes;
    private long offered;

    private record Sent(long number, byte[] frame) { }

    /** A message in parts, and how much of it is on its way. */
    private static final class Large {
        private final ProcessId source;
        private final List<byte[]> pieces;
        private final int length;
        private final int lane;
        private final long number;
        private int at;
        /** Whether the other side has room for it. */
        private boolean taken;

        Large(ProcessId source, List<byte[]> pieces, int length, int lane, long number) {
            this.source = source;
            this.pieces = pieces;
            this.length = length;
            this.lane = lane;
            this.number = number;
            taken = length <= PeerFrame.UNOFFERED;
        }

        /** The next part of it. */
        byte[] next() {
            byte[] part = new byte[Math.min(PeerFrame.MAX_PART, length - at)];
            copy(pieces, at, part);
            at += part.length;
            return part;
        }

        boolean isOver() {
            return at == length;
        }
    }

    /** @param ids gives the number of each stream, one that nobody can guess */
    OutStream(LongSupplier ids) {
        this.ids = ids;
        id = ids.getAsLong();
    }

    long id() {
        return id;
    }

    /** The number of the next part that was never sent. */
    long next() {
        return next;
    }

    /** What the other side has not yet said to have room for. */
    List<PeerFrame> offers() {
        return large.stream().filter(each -> !each.taken).map(this::offer).toList();
    }

    private PeerFrame offer(Large message) {
        return new PeerFrame.Offer(id, message.number, message.lane, message.length);
    }

    /** The other side has room for the message of that number. */
    void granted(long number) {
        large.stream().filter(each -> each.number == number).forEach(each -> each.taken = true);
    }

    /** The other side has everything up to {@code last}, and maybe has said since to have more: what it has not said to have goes again. */
    void resume(long last) {
        acknowledged(last);
        unacknowledged.descendingIterator().forEachRemaining(again::addFirst);
        unacknowledged.clear();
    }

    void acknowledged(long last) {
        drop(unacknowledged, last);
        drop(again, last);
    }

    private void drop(Deque<Sent> parts, long last) {
        while (!parts.isEmpty() && parts.peek().number() <= last) {
            bytes -= parts.poll().frame().length;
        }
    }

    /** Whether a new message may be begun now. */
    boolean hasRoom() {
        return again.isEmpty() && bytes < Limits.WINDOW_BYTES && unacknowledged.size() < Limits.WINDOW_PARTS;
    }

    /** Whether a message may be taken in addition, of as many bytes, more or less. */
    boolean takes(ProcessId source, long weight) {
        return large.stream().noneMatch(each -> each.source.equals(source)) && (!isLarge(weight) || freeLane() > WHOLE)
                && (weight < Limits.LARGE || large.stream().filter(each -> each.length >= Limits.LARGE).count() < Limits.LARGE_OF_PEER);
    }

    static boolean isLarge(long weight) {
        return weight > PeerFrame.MAX_PART / 2;
    }

    private int freeLane() {
        for (int lane = WHOLE + 1; lane < PeerFrame.LANES; lane++) {
            int wanted = lane;
            if (large.stream().noneMatch(each -> each.lane == wanted)) {
                return lane;
            }
        }
        return WHOLE;
    }

    /**
     * Begins a message.
     *
     * @param pieces of it; they are kept until they are sent
     * @param out    takes the part that it is, when it is one; when it is large, that it is offered
     * @return false when it must wait
     */
    boolean begin(ProcessId source, List<byte[]> pieces, List<byte[]> out) {
        int length = pieces.stream().mapToInt(each -> each.length).sum();
        if (length <= PeerFrame.MAX_PART) {
            byte[] whole = pieces.getFirst();
            if (pieces.size() > 1) {
                whole = new byte[length];
                copy(pieces, 0, whole);
            }
            out.add(part(WHOLE, true, whole));
            return true;
        }
        int lane = freeLane();
        if (lane == WHOLE) {
            return false;
        }
        Large message = new Large(source, pieces, length, lane, ++offered);
        large.add(message);
        if (!message.taken) {
            out.add(offer(message).encode());
        }
        return true;
    }

    /** As many bytes as {@code into} has, from {@code at} on. */
    private static void copy(List<byte[]> pieces, int at, byte[] into) {
        int skip = at;
        int done = 0;
        for (byte[] piece : pieces) {
            int count = Math.min(piece.length - skip, into.length - done);
            if (count > 0) {
                System.arraycopy(piece, skip, into, done, count);
                done += count;
            }
            skip = Math.max(0, skip - piece.length);
        }
    }

    private byte[] part(int lane, boolean end, byte[] of) {
        byte[] frame = new PeerFrame.Part(next, lane, end, of).encode();
        unacknowledged.add(new Sent(next, frame));
        bytes += frame.length;
        next++;
        return frame;
    }

    /** Whether parts go again. */
    boolean goesAgain() {
        return !again.isEmpty();
    }

    boolean hasParts() {
        return !again.isEmpty() || hasRoom() && large.stream().anyMatch(each -> each.taken);
    }

    /** The next parts that are to go: those that go again, or one of each large message. */
    List<byte[]> parts() {
        List<byte[]> frames = new ArrayList<>();
        for (long taken = 0; !again.isEmpty() && taken < Limits.BATCH_BYTES; taken += frames.getLast().length) {
            Sent sent = again.poll();
            unacknowledged.add(sent);
            frames.add(sent.frame());
        }
        if (frames.isEmpty() && hasRoom()) {
            large.stream().filter(each -> each.taken).forEach(each -> {
                byte[] piece = each.next();
                frames.add(part(each.lane, each.isOver(), piece));
            });
            large.removeIf(Large::isOver);
        }
        return frames;
    }

    boolean isEmpty() {
        return again.isEmpty() && unacknowledged.isEmpty() && large.isEmpty();
    }

    /** Nothing of it will be sent any more: it ends, and another begins. */
    void reset() {
        again.clear();
        unacknowledged.clear();
        large.clear();
        bytes = 0;
        next = 1;
        id = ids.getAsLong();
    }
}
