package org.ashlar.vfs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.ashlar.api.message.Blob;

/**
 * Moves bytes between files and blobs in pieces: the JDK copies each through a buffer outside the heap, which it keeps for
 * each thread at the largest size it ever had.
 */
final class Chunks {
    static final int SIZE = 256 << 10;

    private Chunks() { }

    /** Writes a blob into a file from {@code offset} on. */
    static void write(Blob blob, FileChannel file, long offset) throws IOException {
        if (blob instanceof Blob.InMemory memory) {
            write(ByteBuffer.wrap(memory.bytes()), file, offset);
        } else {
            blob.copyTo(output(file, offset));
        }
    }

    private static void write(ByteBuffer bytes, FileChannel file, long offset) throws IOException {
        int end = bytes.limit();
        long at = offset;
        while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + SIZE));
            at += file.write(bytes, at);
        }
    }

    /** What is written to it goes into the file from {@code offset} on; closing it does not close the file. */
    static OutputStream output(FileChannel file, long offset) {
        return new OutputStream() {
            private long at = offset;

            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                Chunks.write(ByteBuffer.wrap(bytes, from, length), file, at);
                at += length;
            }
        };
    }

    /** Exactly {@code length} bytes from {@code offset} on. @throws EOFException when the file ends before */
    static byte[] read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.position() < length) {
            bytes.limit(Math.min(length, bytes.position() + SIZE));
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("the file ends at byte " + (offset + bytes.position()));
            }
        }
        return bytes.array();
    }

    /** Copies what a stream has left into a file. @return how many bytes */
    static long copy(InputStream from, FileChannel to) throws IOException {
        return from.transferTo(output(to, 0));
    }

    /** Copies one whole file into another, inside the kernel where it can. */
    static void copy(FileChannel from, FileChannel to) throws IOException {
        long at = 0;
        long size = from.size();
        while (at < size) {
            long moved = from.transferTo(at, Math.min(size - at, 8L << 20), to);
            if (moved <= 0) {
                return; // it became shorter
            }
            at += moved;
        }
    }
}
