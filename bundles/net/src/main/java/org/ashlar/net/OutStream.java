package org.ashlar.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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

    private record Sent(long number, byte[] frame) { }

    /** A message in parts, and how much of it is on its way. */
    private static final class Large {
        private final ProcessId source;
        private final byte[] message;
        private final int lane;
        private int at;

        Large(ProcessId source, byte[] message, int lane) {
            this.source = source;
            this.message = message;
            this.lane = lane;
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

    /** The other side has everything up to {@code last}: what comes after it goes again. */
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
        return large.stream().noneMatch(each -> each.source.equals(source)) && (!isLarge(weight) || freeLane() > WHOLE);
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

    /** Begins a message. @param out takes the part that it is, when it is one @return false when it must wait */
    boolean begin(ProcessId source, byte[] message, List<byte[]> out) {
        if (message.length <= PeerFrame.MAX_PART) {
            out.add(part(WHOLE, true, message));
            return true;
        }
        int lane = freeLane();
        if (lane == WHOLE) {
            return false;
        }
        large.add(new Large(source, message, lane));
        return true;
    }

    private byte[] part(int lane, boolean end, byte[] of) {
        byte[] frame = new PeerFrame.Part(next, lane, end, of).encode();
        unacknowledged.add(new Sent(next, frame));
        bytes += frame.length;
        next++;
        return frame;
    }

    boolean hasParts() {
        return !again.isEmpty() || !large.isEmpty() && hasRoom();
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
            for (Large each : List.copyOf(large)) {
                int length = Math.min(PeerFrame.MAX_PART, each.message.length - each.at);
                byte[] piece = Arrays.copyOfRange(each.message, each.at, each.at + length);
                each.at += length;
                boolean end = each.at == each.message.length;
                frames.add(part(each.lane, end, piece));
                if (end) {
                    large.remove(each);
                }
            }
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
