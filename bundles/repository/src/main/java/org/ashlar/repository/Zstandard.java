package org.ashlar.repository;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The zstd compression that version 2 of the format uses. Not for virtual threads: the work is done in native code. */
final class Zstandard {
    /** For blobs: the fastest ordinary level; a backup is bound by its processor time. */
    static final int FAST = 1;
    /** For small texts that are read often. */
    static final int NORMAL = 3;

    private Zstandard() { }

    static int bound(int length) {
        return (int) Zstd.compressBound(length);
    }

    /** @return the compressed length. @throws IllegalStateException when {@code to} has less room than {@link #bound} */
    static int compress(byte[] from, int offset, int length, byte[] to, int at, int level) {
        long size = Zstd.compressByteArray(to, at, to.length - at, from, offset, length, level);
        if (Zstd.isError(size)) {
            throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
        }
        return (int) size;
    }

    static byte[] compress(byte[] plain, int level) {
        byte[] room = new byte[bound(plain.length)];
        return Arrays.copyOf(room, compress(plain, 0, plain.length, room, 0, level));
    }

    /** Decompresses what must become exactly {@code length} bytes. */
    static byte[] decompress(byte[] compressed, int length) {
        byte[] plain = new byte[length];
        decompress(compressed, 0, compressed.length, plain, length);
        return plain;
    }

    /** The same into the beginning of {@code to}. */
    static void decompress(byte[] compressed, int offset, int count, byte[] to, int length) {
        try {
            long size = Zstd.decompressByteArray(to, 0, length, compressed, offset, count);
            if (!Zstd.isError(size) && size == length) {
                return;
            }
            throw new DamagedException("compressed bytes that do not become the " + length + " that were announced"
                    + (Zstd.isError(size) ? ": " + Zstd.getErrorName(size) : ""));
        } catch (ZstdException e) {
            throw new DamagedException("bytes that are not compressed as they should be: " + e.getMessage(), e);
        }
    }

    /** A stream of what {@code compressed} holds from {@code offset} on, which fails beyond {@code limit} bytes. */
    static InputStream stream(byte[] compressed, int offset, long limit) throws IOException {
        return new Limited(new ZstdInputStream(new ByteArrayInputStream(compressed, offset, compressed.length - offset)), limit);
    }

    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        Limited(InputStream in, long limit) {
            this.in = in;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int read = in.read(into, offset, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new IOException("more bytes than are read of such a file");
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
