package org.ashlar.repository;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A pack that is being filled: sealed blobs of one type, one after another, then the header. Not safe for threads. */
final class Pack {
    /** Most blobs in one: their header stays far below what other programs read. */
    static final int MAX_BLOBS = 16_384;
    private static final int FIRST = 1 << 20;
    private static final int SPARE = 1 << 20;

    private byte[] bytes;
    private int length;
    private final List<PackedBlob> blobs = new ArrayList<>();

    Pack(byte[] room) {
        this.bytes = room;
    }

    Pack() {
        this(new byte[FIRST]);
    }

    void add(BlobType type, Id id, byte[] sealed, int offset, int size, int plain) {
        room(size);
        System.arraycopy(sealed, offset, bytes, length, size);
        blobs.add(new PackedBlob(type, id, length, size, plain));
        length += size;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            // Doubled while it is small; what is as large as packs mostly are gets just what it needs and a little.
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max((long) length + more, Math.min(2L * bytes.length, Options.PACK_SIZE)) + SPARE));
        }
    }

    boolean isFull(int size) {
        return length >= size || blobs.size() >= MAX_BLOBS;
    }

    boolean isEmpty() {
        return blobs.isEmpty();
    }

    List<PackedBlob> blobs() {
        return blobs;
    }

    /** Adds the header. @return the whole file */
    ByteBuffer finish(MasterKey key) {
        byte[] header = key.seal(PackHeader.write(blobs));
        room(header.length + PackHeader.LENGTH_BYTES);
        System.arraycopy(header, 0, bytes, length, header.length);
        PackHeader.writeLength(bytes, length + header.length, header.length);
        return ByteBuffer.wrap(bytes, 0, length + header.length + PackHeader.LENGTH_BYTES);
    }

    /** The memory, to be used again. */
    byte[] memory() {
        return bytes;
    }
}
