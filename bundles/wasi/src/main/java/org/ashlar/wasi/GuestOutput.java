package org.ashlar.wasi;

import java.io.IOException;

import org.ashlar.api.process.GuestTrap;

/**
 * {@code wasi:io/streams.output-stream}. Nothing is buffered: a write is with the host when it returns, so there is nothing
 * to flush, and a stream is always ready.
 */
abstract sealed class GuestOutput {
    private boolean closed;
    private int permitted;

    /** How many bytes the next writes may have in all. */
    final long checkWrite() throws StreamClosed {
        requireOpen();
        permitted = Limits.STREAM_PERMIT;
        return permitted;
    }

    final void write(byte[] bytes) throws StreamClosed, FileError {
        requireOpen();
        usePermit(bytes.length);
        deliver(bytes);
    }

    final void writeZeroes(long length) throws StreamClosed, FileError {
        requireOpen();
        usePermit(length);
        deliver(new byte[(int) length]);
    }

    final void blockingWrite(byte[] bytes) throws StreamClosed, FileError {
        requireBlockingSize(bytes.length);
        requireOpen();
        deliver(bytes);
    }

    final void blockingWriteZeroes(long length) throws StreamClosed, FileError {
        requireBlockingSize(length);
        requireOpen();
        deliver(new byte[(int) length]);
    }

    final void flush() throws StreamClosed {
        requireOpen();
    }

    /** Moves bytes from a stream to this one; at least one unless {@code length} is zero. */
    final long splice(GuestInput from, long length) throws StreamClosed, FileError {
        long most = checkWrite();
        byte[] bytes = from.read(length < 0 ? most : Math.min(length, most));
        write(bytes);
        return bytes.length;
    }

    abstract void put(byte[] bytes) throws FileError;

    private void deliver(byte[] bytes) throws FileError {
        try {
            put(bytes);
        } catch (FileError e) {
            closed = true;
            throw e;
        }
    }

    private void requireOpen() throws StreamClosed {
        if (closed) {
            throw new StreamClosed();
        }
    }

    private void usePermit(long length) {
        if (length < 0 || length > permitted) {
            throw new GuestTrap("write of " + Long.toUnsignedString(length) + " bytes where check-write permitted "
                    + permitted);
        }
        permitted -= (int) length;
    }

    private static void requireBlockingSize(long length) {
        if (length < 0 || length > Limits.BLOCKING_WRITE) {
            throw new GuestTrap("blocking write of " + Long.toUnsignedString(length) + " bytes: it takes at most "
                    + Limits.BLOCKING_WRITE);
        }
    }

    /** A sink of the embedder. */
    static final class ToSink extends GuestOutput {
        private final OutputSink sink;

        ToSink(OutputSink sink) {
            this.sink = sink;
        }

        @Override
        void put(byte[] bytes) {
            sink.write(bytes);
        }
    }

    /** A file, from a place on or always at its end; keeps it open. */
    static final class ToFile extends GuestOutput implements FileHolder {
        private final OpenFile file;
        private final boolean append;
        private final Blocking blocking;
        private long position;

        private ToFile(OpenFile file, boolean append, long position, Blocking blocking) {
            this.file = file.retain();
            this.append = append;
            this.position = position;
            this.blocking = blocking;
        }

        static ToFile at(OpenFile file, long position, Blocking blocking) {
            return new ToFile(file, false, position, blocking);
        }

        static ToFile atEnd(OpenFile file, Blocking blocking) {
            return new ToFile(file, true, 0, blocking);
        }

        @Override
        void put(byte[] bytes) throws FileError {
            if (append) {
                blocking.call(() -> file.append(bytes));
            } else {
                position += blocking.call(() -> file.write(bytes, position));
            }
        }

        @Override
        public void release() throws IOException {
            file.release();
        }
    }
}
