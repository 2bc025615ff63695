package org.ashlar.vfs;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What was read of a file beyond what was asked for, so that the next small reads need neither a file nor another thread. It counts
 * as long as nothing has changed in the drive, and not for long: what others than processes do in the folder has no part in that.
 * Who reads on and on has twice as much read ahead each time. Immutable.
 *
 * @param change which change of the drive was the last before it was read
 * @param room   what it takes of the {@link ReadBudget}; closed when nobody keeps it any more
 */
record Ahead(byte[] bytes, long offset, Volume volume, long change, long readAt, ReadBudget.Share room) {
    /** Bytes that are read at once at first. */
    static final int SIZE = 64 << 10;
    /** Most that are, in the end. */
    static final int MOST = 1 << 20;
    /** Reads of more bytes are served by themselves. */
    static final int LARGEST = SIZE;
    private static final long COUNTS = TimeUnit.MILLISECONDS.toNanos(100);

    static Ahead of(byte[] bytes, long offset, Volume volume, long change, ReadBudget.Share room) {
        return new Ahead(bytes, offset, volume, change, System.nanoTime(), room);
    }

    /** Whether it has what the file has there now. */
    boolean has(long from, long length) {
        return from >= offset && length <= bytes.length - (from - offset) && counts();
    }

    /** Whether the file still is what it was, as far as can be known. */
    boolean counts() {
        return volume.changes() == change && System.nanoTime() - readAt < COUNTS;
    }

    /** How much to read next for who reads {@code length} bytes from {@code from} on: more, when it has used this one up. */
    int next(long from, int length) {
        boolean usedUp = from > offset && from <= offset + bytes.length && from + length > offset + bytes.length && counts();
        return usedUp ? Math.min(MOST, 2 * Math.max(SIZE, bytes.length)) : SIZE;
    }

    byte[] copy(long from, int length) {
        int start = (int) (from - offset);
        return Arrays.copyOfRange(bytes, start, start + length);
    }
}
