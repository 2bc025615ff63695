package org.ashlar.component.binary;

import java.util.Arrays;

/** Part of an array that nobody writes to. */
public record ByteRange(byte[] array, int start, int end) {
    public ByteReader reader() {
        return new ByteReader(array, start, end);
    }

    public byte[] copy() {
        return Arrays.copyOfRange(array, start, end);
    }

    public int length() {
        return end - start;
    }
}
