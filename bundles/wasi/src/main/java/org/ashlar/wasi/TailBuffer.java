package org.ashlar.wasi;

import java.nio.charset.StandardCharsets;

/**
 * Takes any amount of text and keeps the end of it, for a crash report. Memory: its capacity, and that only from the first
 * byte on. Safe for use by several threads.
 */
public final class TailBuffer implements OutputSink {
    /** What is kept of a guest's standard error, in bytes. */
    public static final int CRASH_REPORT = 5000;

    private final int capacity;
    private byte[] ring = new byte[0];
    private long written;

    /** @param capacity bytes to keep, above zero */
    public TailBuffer(int capacity) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("capacity " + capacity + ": must be above zero");
        }
        this.capacity = capacity;
    }

    @Override
    public synchronized void write(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        if (ring.length == 0) {
            ring = new byte[capacity];
        }
        int kept = Math.min(bytes.length, capacity);
        int skipped = bytes.length - kept;
        int start = (int) ((written + skipped) % capacity);
        int beforeWrap = Math.min(kept, capacity - start);
        System.arraycopy(bytes, skipped, ring, start, beforeWrap);
        System.arraycopy(bytes, skipped + beforeWrap, ring, 0, kept - beforeWrap);
        written += bytes.length;
    }

    /** The bytes kept, oldest first. */
    public synchronized byte[] bytes() {
        int kept = (int) Math.min(written, capacity);
        byte[] tail = new byte[kept];
        int start = written > capacity ? (int) (written % capacity) : 0;
        int beforeWrap = Math.min(kept, capacity - start);
        System.arraycopy(ring, start, tail, 0, beforeWrap);
        System.arraycopy(ring, 0, tail, beforeWrap, kept - beforeWrap);
        return tail;
    }

    /** The bytes kept as text: invalid UTF-8 is replaced, a character cut off at the start is left out. */
    public String text() {
        byte[] tail = bytes();
        int start = 0;
        if (truncated()) {
            while (start < Math.min(3, tail.length) && (tail[start] & 0xC0) == 0x80) {
                start++;
            }
        }
        return new String(tail, start, tail.length - start, StandardCharsets.UTF_8);
    }

    /** Whether more was written than is kept. */
    public synchronized boolean truncated() {
        return written > capacity;
    }
}
