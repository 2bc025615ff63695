package org.ashlar.repository;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The list of blobs at the end of a pack: sealed, and behind it the length of its sealed form in four bytes. */
final class PackHeader {
    /** Longest sealed header that is read: 16 MiB. */
    static final int MAX = 16 << 20;
    static final int LENGTH_BYTES = 4;

    private static final int PLAIN_ENTRY = 1 + 4 + Id.BYTES;
    private static final int COMPRESSED_ENTRY = PLAIN_ENTRY + 4;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private PackHeader() { }

    static int size(List<PackedBlob> blobs) {
        int size = 0;
        for (PackedBlob blob : blobs) {
            size += blob.plain() == 0 ? PLAIN_ENTRY : COMPRESSED_ENTRY;
        }
        return size;
    }

    /** What a pack of these blobs has behind them. */
    static int trailer(List<PackedBlob> blobs) {
        return size(blobs) + MasterKey.OVERHEAD + LENGTH_BYTES;
    }

    static byte[] write(List<PackedBlob> blobs) {
        byte[] bytes = new byte[size(blobs)];
        int at = 0;
        for (PackedBlob blob : blobs) {
            bytes[at] = (byte) (blob.type().ordinal() + (blob.plain() == 0 ? 0 : 2));
            INT.set(bytes, at + 1, blob.length());
            at += 5;
            if (blob.plain() != 0) {
                INT.set(bytes, at, blob.plain());
                at += 4;
            }
            blob.id().write(bytes, at);
            at += Id.BYTES;
        }
        return bytes;
    }

    static List<PackedBlob> read(byte[] bytes) {
        List<PackedBlob> blobs = new ArrayList<>();
        int offset = 0;
        for (int at = 0; at < bytes.length;) {
            int kind = bytes[at];
            if (kind < 0 || kind > 3) {
                throw new DamagedException("pack header: a blob of the unknown kind " + kind);
            }
            int entry = kind < 2 ? PLAIN_ENTRY : COMPRESSED_ENTRY;
            if (bytes.length - at < entry) {
                throw new DamagedException("pack header: ends within an entry");
            }
            int length = (int) INT.get(bytes, at + 1);
            int plain = kind < 2 ? 0 : (int) INT.get(bytes, at + 5);
            PackedBlob blob = new PackedBlob(kind % 2 == 0 ? BlobType.DATA : BlobType.TREE,
                    Id.read(bytes, at + entry - Id.BYTES), offset, length, plain);
            blobs.add(blob);
            offset = blob.end();
            at += entry;
        }
        return blobs;
    }

    static int readLength(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static void writeLength(byte[] bytes, int at, int length) {
        INT.set(bytes, at, length);
    }
}
