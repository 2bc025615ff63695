package org.ashlar.vfs;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What was read of a file beyond what was asked for, so that the next small reads need neither a file nor another thread. It counts
 * as long as nothing has changed in the drive, and not for long: what others than processes do in the folder has no part in that.
 * Immutable.
 *
 * @param change which change of the drive was the last before it was read
 */
record Ahead(byte[] bytes, long offset, Volume volume, long change, long readAt) {
    /** Bytes that are read at once. */
    static final int SIZE = 64 << 10;
    /** Reads of more bytes are served by themselves. */
    static final int LARGEST = SIZE / 4;
    private static final long COUNTS = TimeUnit.MILLISECONDS.toNanos(100);

    static Ahead of(byte[] bytes, long offset, Volume volume, long change) {
        return new Ahead(bytes, offset, volume, change, System.nanoTime());
    }

    /** Whether it has what the file has there now. */
    boolean has(long from, long length) {
        return from >= offset && length <= bytes.length - (from - offset) && volume.changes() == change
                && System.nanoTime() - readAt < COUNTS;
    }

    byte[] copy(long from, int length) {
        int start = (int) (from - offset);
        return Arrays.copyOfRange(bytes, start, start + length);
    }
}
