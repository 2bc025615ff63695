package org.ashlar.wasm;

import java.util.Arrays;

/**
 * The surroundings of a value that was written far from the array of its memory. It never overlaps with the array; both begin
 * and end at multiples of its size. Each access to it takes the long way, so it bears only so many before it wants to be joined
 * to the array; only writes can do that, because compiled code holds on to the array while it reads.
 */
final class Outpost {
    private static final int MOST_USES = 64;

    /** Of its first byte. */
    final int address;
    final byte[] bytes = new byte[LinearMemory.GRAIN];
    private int uses;

    Outpost(int address) {
        this.address = address;
    }

    boolean liesIn(int from, int to) {
        return from <= address && address < to;
    }

    /** Whether a range has bytes of it. */
    boolean meets(int from, int to) {
        return from < to && from < address + bytes.length && to > address;
    }

    int read(int at) {
        if (!meets(at, at + 1)) {
            return 0;
        }
        uses++;
        return bytes[at - address];
    }

    void read(int from, byte[] target) {
        if (meets(from, from + target.length)) {
            int start = Math.max(from, address);
            int end = Math.min(from + target.length, address + bytes.length);
            System.arraycopy(bytes, start - address, target, start - from, end - start);
        }
    }

    /** @return false when it does not have the value's place as a whole, or was used too often: then nothing is written */
    boolean write(int at, long value, int length) {
        if (at < address || at + length > address + bytes.length || ++uses > MOST_USES) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            bytes[at - address + i] = (byte) (value >>> (8 * i));
        }
        return true;
    }

    void clear(int from, int to) {
        if (meets(from, to)) {
            Arrays.fill(bytes, Math.max(from, address) - address, Math.min(to, address + bytes.length) - address, (byte) 0);
        }
    }
}
