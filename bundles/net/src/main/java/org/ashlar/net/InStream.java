package org.ashlar.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.PeerFrame;

/**
 * What comes from one node of this kind, over whichever of its connections: parts in the order of their numbers, each taken once.
 * Large messages come when there is room for them ({@link Reception}). Not for several threads; its {@link Peer} guards it.
 */
final class InStream {
    private final Incoming[] lanes = new Incoming[PeerFrame.LANES];
    private final Reception reception;
    private final Machine machine;
    private final Runnable again;
    /** Bytes of large messages for which there is room, with that which is being handed over. */
    private long reserved;
    private long id;
    private boolean known;
    private long last;
    private int unsaid;
    private long unsaidBytes;

    /** What is to become of a part. */
    enum Verdict { TAKE, PASS_OVER, GAP }

    /** @param again called when there may be room for a message for which there was none: to {@link #grant} */
    InStream(Reception reception, Machine machine, Runnable again) {
        this.reception = reception;
        this.machine = machine;
        this.again = again;
    }

    boolean is(long stream) {
        return known && id == stream;
    }

    long id() {
        return id;
    }

    long last() {
        return last;
    }

    /** Another stream begins. What was not whole of the one before is dropped. */
    void begin(long stream) {
        forget();
        id = stream;
        known = true;
        last = 0;
        said();
    }

    /** Nothing more is taken of this stream. */
    void forget() {
        Arrays.stream(lanes).filter(Objects::nonNull).filter(Incoming::isTaken).forEach(each -> release(each.offered()));
        Arrays.fill(lanes, null);
        known = false;
        reception.leave(again);
    }

    /**
     * A large message is to come.
     *
     * @return whether there is room for it already, as when it is offered again
     * @throws CodecException when it is larger than this node takes
     */
    boolean offer(PeerFrame.Offer offer) {
        Incoming before = lanes[offer.lane()];
        if (offer.bytes() > reception.largest() || before != null && (before.offered() == 0 || before.number() != offer.number())) {
            throw new CodecException("message: an offer of " + offer.bytes() + " bytes; at most " + reception.largest()
                    + " are taken, one in each lane");
        }
        if (before == null) {
            lanes[offer.lane()] = new Incoming(offer.number(), offer.bytes(), machine.nanos());
        }
        return before != null && before.isTaken();
    }

    /** Finds room for what waits for it. @return the numbers of those for which it found some */
    List<Long> grant() {
        List<Long> found = new ArrayList<>();
        boolean waits = false;
        for (Incoming each : lanes) {
            if (each != null && !each.isTaken() && 2 * (reserved + each.offered()) <= reception.ofNode()) {
                if (reception.take(each.offered(), again)) {
                    reserved += each.offered();
                    each.take(machine.nanos());
                    found.add(each.number());
                } else {
                    waits = true;
                }
            }
        }
        if (!waits) {
            reception.leave(again);
        }
        return found;
    }

    Verdict verdict(long number) {
        return number <= last ? Verdict.PASS_OVER : number == last + 1 ? Verdict.TAKE : Verdict.GAP;
    }

    /** Takes the next part. @return the message that is whole by it @throws CodecException when it is too long */
    Optional<byte[]> take(PeerFrame.Part part) {
        int lane = part.lane();
        if (lane == 0) {
            if (!part.end()) {
                throw new CodecException("message: a part where only whole ones go");
            }
            return Optional.of(part.bytes());
        }
        if (lanes[lane] == null) {
            lanes[lane] = new Incoming(0, 0, machine.nanos());
        }
        lanes[lane].add(part.bytes(), part.end(), machine.nanos());
        return part.end() ? Optional.of(lanes[lane].whole()) : Optional.empty();
    }

    /** The part was taken, and the message that it ended was handed over. */
    void taken(PeerFrame.Part part) {
        last = part.number();
        unsaid++;
        unsaidBytes += part.bytes().length;
        if (part.end() && lanes[part.lane()] != null) {
            release(lanes[part.lane()].offered());
            lanes[part.lane()] = null;
        }
    }

    private void release(int bytes) {
        if (bytes > 0) {
            reserved -= bytes;
            reception.give(bytes);
        }
    }

    /** Whether nothing came of a message for too long. @param waiting whether it is this side that takes nothing */
    boolean isStuck(long now, boolean waiting) {
        boolean stuck = false;
        for (Incoming each : lanes) {
            if (each != null) {
                if (waiting) {
                    each.touch(now);
                }
                stuck |= each.isStuck(now);
            }
        }
        return stuck;
    }

    /** Whether parts were taken of which the other side does not know; {@code urgent}: so many that it may wait for it. */
    boolean hasUnsaid(boolean urgent) {
        return urgent ? unsaid >= Limits.ACK_PARTS || unsaidBytes >= Limits.ACK_BYTES : unsaid > 0;
    }

    void said() {
        unsaid = 0;
        unsaidBytes = 0;
    }
}
