package org.ashlar.net;

import java.util.Arrays;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.PeerFrame;

/** A message that comes in parts: of unknown length, or one that was {@linkplain PeerFrame.Offer offered}. Not for several threads. */
final class Incoming {
    private final long number;
    private final int offered;
    private byte[] bytes = {};
    private int length;
    private boolean taken;
    private long lastNews;

    /** @param number of the offer @param offered its bytes; 0 when that is not known, and they are few */
    Incoming(long number, int offered, long now) {
        this.number = number;
        this.offered = offered;
        taken = offered == 0;
        lastNews = now;
    }

    long number() {
        return number;
    }

    int offered() {
        return offered;
    }

    /** Whether its parts may come. */
    boolean isTaken() {
        return taken;
    }

    /** There is room for it. */
    void take(long now) {
        taken = true;
        lastNews = now;
    }

    /** Time in which nothing could come does not count. */
    void touch(long now) {
        lastNews = now;
    }

    /** Whether nothing has come of it for too long. */
    boolean isStuck(long now) {
        return taken && now - lastNews > Limits.STUCK.toNanos();
    }

    /** @throws CodecException when it is too long, or was not told to come */
    void add(byte[] part, boolean end, long now) {
        int most = offered == 0 ? PeerFrame.UNOFFERED : offered;
        if (!taken || part.length > most - length || end && offered != 0 && length + part.length != offered) {
            throw new CodecException("message: more than the " + most + " bytes that may come in parts, fewer than were offered, or"
                    + " parts before there was room for them");
        }
        if (part.length > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, offered == 0 ? Math.min(most, 2 * (length + part.length)) : offered);
        }
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
        lastNews = now;
    }

    byte[] whole() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
