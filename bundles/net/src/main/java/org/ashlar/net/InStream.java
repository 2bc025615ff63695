package org.ashlar.net;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.codec.PeerFrame;

/**
 * What comes from one node of this kind, over whichever of its connections: parts in the order of their numbers, each taken once.
 * Not for several threads; its {@link Peer} guards it.
 */
final class InStream {
    private final ByteArrayOutputStream[] lanes = new ByteArrayOutputStream[PeerFrame.LANES];
    private long id;
    private boolean known;
    private long last;
    private int unsaid;
    private long unsaidBytes;

    /** What is to become of a part. */
    enum Verdict { TAKE, PASS_OVER, GAP }

    boolean is(long stream) {
        return known && id == stream;
    }

    long id() {
        return id;
    }

    long last() {
        return last;
    }

    /** Another stream begins after {@code number}. What was not whole of the one before is dropped. */
    void begin(long stream, long number) {
        Arrays.fill(lanes, null);
        id = stream;
        known = true;
        last = number;
        said();
    }

    Verdict verdict(long number) {
        return number <= last ? Verdict.PASS_OVER : number == last + 1 ? Verdict.TAKE : Verdict.GAP;
    }

    /** Takes the next part. @return the message that is whole by it @throws CodecException when it is too long */
    Optional<byte[]> take(PeerFrame.Part part) {
        ByteArrayOutputStream begun = lanes[part.lane()];
        if (begun == null && part.end()) {
            return Optional.of(part.bytes());
        }
        if (begun == null) {
            begun = new ByteArrayOutputStream(4 * PeerFrame.MAX_PART);
            lanes[part.lane()] = begun;
        }
        if (part.lane() == 0 || begun.size() + part.bytes().length > MessagePackCodec.MAX_MESSAGE) {
            throw new CodecException("message: more than " + MessagePackCodec.MAX_MESSAGE + " bytes in parts, or parts where only whole ones go");
        }
        begun.writeBytes(part.bytes());
        if (!part.end()) {
            return Optional.empty();
        }
        lanes[part.lane()] = null;
        return Optional.of(begun.toByteArray());
    }

    void taken(PeerFrame.Part part) {
        last = part.number();
        unsaid++;
        unsaidBytes += part.bytes().length;
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
