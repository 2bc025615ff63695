package org.ashlar.repository;

/**
 * Where a blob lies in a pack.
 *
 * @param offset in bytes from the beginning of the pack
 * @param length sealed, in bytes
 * @param plain  length before compression; 0 when it is not compressed
 */
record PackedBlob(BlobType type, Id id, int offset, int length, int plain) {
    /** Longest sealed blob, and longest plaintext, that are read. */
    static final int MAX = 192 << 20;

    PackedBlob {
        if (offset < 0 || length < MasterKey.OVERHEAD || length > MAX || plain < 0 || plain > MAX || offset > Integer.MAX_VALUE - length) {
            throw new DamagedException("a blob of " + Integer.toUnsignedString(length) + " bytes at " + Integer.toUnsignedString(offset)
                    + ", plain " + Integer.toUnsignedString(plain));
        }
    }

    int end() {
        return offset + length;
    }

    /** Length of the plaintext, in bytes. */
    int plainLength() {
        return plain == 0 ? length - MasterKey.OVERHEAD : plain;
    }
}
