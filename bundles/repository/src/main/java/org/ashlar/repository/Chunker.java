package org.ashlar.repository;

/**
 * Finds where a stream of bytes is cut: behind a byte where the Rabin fingerprint of the last 64 ends in twenty zero bits, so
 * that an insertion moves no cut far behind it. A chunk has 512 KiB at least, 8 MiB at most, one and a half on average.
 * <p>
 * The fingerprint at a place depends on 64 bytes and on nothing before them. So four stretches are looked through side by side:
 * each step waits for a table look-up of the step before it, and a processor can wait for four at a time.
 * <p>
 * Immutable; any number of threads.
 */
final class Chunker {
    static final int MIN = 512 << 10;
    static final int MAX = 8 << 20;
    static final int WINDOW = 64;

    private static final long MASK = (1 << 20) - 1;
    private static final int LANE = 4096;
    private static final int LANES = 4;
    private static final int SHIFT = Polynomial.DEGREE - 8;

    /** What the byte that leaves the window added to the fingerprint, one step on. */
    private final long[] leaving = new long[256];
    /** Takes off the eight bits above the degree, by their value. */
    private final long[] reduce = new long[256];

    Chunker(long polynomial) {
        if (!Polynomial.isUsable(polynomial)) {
            throw new DamagedException("the chunker polynomial " + Long.toHexString(polynomial) + " is not irreducible of degree 53");
        }
        for (int value = 0; value < 256; value++) {
            long raised = Polynomial.mod((long) value << 8, polynomial);
            for (int i = 1; i < WINDOW; i++) {
                raised = Polynomial.mod(raised << 8, polynomial);
            }
            leaving[value] = raised;
            long high = (long) value << Polynomial.DEGREE;
            reduce[value] = Polynomial.mod(high, polynomial) | high;
        }
    }

    /**
     * Looks for the cut of the chunk that begins at {@code start}.
     *
     * @param from how many bytes of the chunk were looked at in vain already; 0 at first
     * @param end  where the bytes end that are there so far
     * @return the chunk's length; 0: no cut up to {@code end}, which is less than {@link #MAX} bytes away
     */
    int cut(byte[] bytes, int start, int from, int end) {
        // The first place where a cut may be is behind the byte MIN - 1.
        int place = start + Math.max(from, MIN - 1);
        int limit = Math.min(end, start + MAX - 1);
        while (place + LANES * LANE <= limit) {
            int found = four(bytes, place);
            if (found >= 0) {
                return found + 1 - start;
            }
            place += LANES * LANE;
        }
        int found = place < limit ? one(bytes, place, limit) : -1;
        if (found >= 0) {
            return found + 1 - start;
        }
        return end - start >= MAX ? MAX : 0;
    }

    /** The fingerprint of the 64 bytes before {@code place}. */
    private long before(byte[] bytes, int place) {
        long print = 0;
        for (int i = place - WINDOW; i < place; i++) {
            print = print << 8 ^ reduce[(int) (print >>> SHIFT) & 0xff] ^ bytes[i] & 0xff;
        }
        return print;
    }

    /** The first byte from {@code from} to {@code limit} (exclusive) behind which to cut; -1 if there is none. */
    private int one(byte[] bytes, int from, int limit) {
        long print = before(bytes, from);
        for (int i = from; i < limit; i++) {
            print = step(print, bytes[i - WINDOW], bytes[i]);
            if ((print & MASK) == 0) {
                return i;
            }
        }
        return -1;
    }

    private int four(byte[] bytes, int from) {
        long p0 = before(bytes, from);
        long p1 = before(bytes, from + LANE);
        long p2 = before(bytes, from + 2 * LANE);
        long p3 = before(bytes, from + 3 * LANE);
        int best = Integer.MAX_VALUE;
        for (int i = from; i < from + LANE; i++) {
            p0 = step(p0, bytes[i - WINDOW], bytes[i]);
            p1 = step(p1, bytes[i + LANE - WINDOW], bytes[i + LANE]);
            p2 = step(p2, bytes[i + 2 * LANE - WINDOW], bytes[i + 2 * LANE]);
            p3 = step(p3, bytes[i + 3 * LANE - WINDOW], bytes[i + 3 * LANE]);
            if ((p0 & MASK) == 0) {
                return i;
            }
            if ((p1 & MASK) == 0) {
                best = Math.min(best, i + LANE);
            }
            if ((p2 & MASK) == 0) {
                best = Math.min(best, i + 2 * LANE);
            }
            if ((p3 & MASK) == 0) {
                best = Math.min(best, i + 3 * LANE);
            }
        }
        return best == Integer.MAX_VALUE ? -1 : best;
    }

    private long step(long print, byte out, byte in) {
        return print << 8 ^ reduce[(int) (print >>> SHIFT) & 0xff] ^ leaving[out & 0xff] ^ in & 0xff;
    }
}
