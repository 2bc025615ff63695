package org.ashlar.wasi;

import java.io.IOException;
import java.util.Arrays;

/** {@code wasi:io/streams.input-stream}. */
abstract sealed class GuestInput {
    private boolean closed;

    /** @param length bytes wanted, unsigned. At least one comes unless none are wanted */
    final byte[] read(long length) throws StreamClosed, FileError {
        if (closed) {
            throw new StreamClosed();
        }
        int limit = length < 0 ? Limits.READ : (int) Math.min(length, Limits.READ);
        if (limit == 0) {
            return new byte[0];
        }
        byte[] bytes = next(limit);
        if (bytes.length == 0) {
            closed = true;
            throw new StreamClosed();
        }
        return bytes;
    }

    /** The next bytes, none at the end. */
    abstract byte[] next(int limit) throws FileError;

    /** Bytes that are all there from the start. */
    static final class OfBytes extends GuestInput {
        private final byte[] content;
        private int position;

        OfBytes(byte[] content) {
            this.content = content;
        }

        @Override
        byte[] next(int limit) {
            byte[] bytes = Arrays.copyOfRange(content, position, Math.min(content.length, position + limit));
            position += bytes.length;
            return bytes;
        }
    }

    /** A file, from a place on; keeps it open. */
    static final class OfFile extends GuestInput implements FileHolder {
        private final OpenFile file;
        private final Blocking blocking;
        private long position;

        OfFile(OpenFile file, long position, Blocking blocking) {
            this.file = file.retain();
            this.position = position;
            this.blocking = blocking;
        }

        @Override
        byte[] next(int limit) throws FileError {
            byte[] bytes = blocking.call(() -> file.read(limit, position));
            position += bytes.length;
            return bytes;
        }

        @Override
        public void release() throws IOException {
            file.release();
        }
    }
}
