package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A file that {@link TreeWalk} reads and cuts into chunks; large ones with the help of threads that have nothing to do. */
final class FileRead {
    private static final int STEP = 512 << 10;

    private final TreeWalk walk;
    private final TreeWalk.Folder folder;
    private final int place;
    private final Source source;
    private final List<Id> chunks = Collections.synchronizedList(new ArrayList<>());
    /** Chunks that are not stored yet, and one for the reading. */
    private final AtomicInteger missing = new AtomicInteger(1);
    private Node node;
    private long size;

    FileRead(TreeWalk walk, TreeWalk.Folder folder, int place, Source source) {
        this.walk = walk;
        this.folder = folder;
        this.place = place;
        this.source = source;
    }

    void run(Workers.Desk desk) throws IOException {
        try {
            node = source.complete();
            read(desk);
        } catch (FileTrouble e) {
            walk.counts.report(source.toString(), e.why);
            node = null; // its chunks so far may stay; they are found again
        } catch (IOException e) {
            if (node != null) {
                throw e; // of the repository: that is the end
            }
            walk.counts.report(source.toString(), e);
        }
        finish();
    }

    private void finish() throws IOException {
        if (missing.decrementAndGet() > 0) {
            return;
        }
        if (node == null) {
            walk.count(folder);
        } else {
            walk.read(folder, place, node.withContent(chunks, size));
        }
    }

    private void read(Workers.Desk desk) throws IOException {
        byte[] bytes = desk.plain.atLeast(STEP);
        int start = 0;
        int end = 0;
        int looked = 0;
        try (var in = new FileBytes(source)) {
            boolean more = true;
            while (more || end > start) {
                int length = walk.chunker.cut(bytes, start, looked, end);
                if (length == 0 && more) {
                    looked = end - start;
                    if (bytes.length - end < STEP) {
                        byte[] room = end - start + STEP > bytes.length ? desk.plain.atLeast(end - start + STEP) : bytes;
                        System.arraycopy(bytes, start, room, 0, end - start);
                        bytes = room;
                        end -= start;
                        start = 0;
                    }
                    int read = in.read(bytes, end, STEP);
                    more = read == STEP;
                    end += read;
                    continue;
                }
                int chunk = length == 0 ? end - start : length;
                emit(desk, bytes, start, chunk);
                start += chunk;
                looked = 0;
            }
        }
    }

    private void emit(Workers.Desk desk, byte[] bytes, int start, int length) throws IOException {
        size += length;
        int number = chunks.size();
        chunks.add(null);
        if (length >= STEP) {
            byte[][] copy = new byte[1][];
            missing.incrementAndGet();
            boolean taken = walk.workers.offer(other -> {
                store(other, number, copy[0], 0, copy[0].length);
                finish();
            }, () -> copy[0] = Arrays.copyOfRange(bytes, start, start + length));
            if (taken) {
                return;
            }
            missing.decrementAndGet();
        }
        store(desk, number, bytes, start, length);
    }

    private void store(Workers.Desk desk, int number, byte[] bytes, int start, int length) throws IOException {
        Id id = Id.of(bytes, start, length);
        walk.writer.save(BlobType.DATA, id, bytes, start, length, desk.sealed);
        chunks.set(number, id);
    }

    /** A file's own trouble, as opposed to the repository's. */
    private static final class FileTrouble extends IOException {
        private static final long serialVersionUID = 1L;
        private final IOException why;

        FileTrouble(IOException why) {
            super(why);
            this.why = why;
        }
    }

    private static final class FileBytes implements AutoCloseable {
        private final ReadableByteChannel channel;

        FileBytes(Source source) throws FileTrouble {
            try {
                channel = source.open();
            } catch (IOException e) {
                throw new FileTrouble(e);
            }
        }

        /** Reads {@code length} bytes, fewer only at the end. */
        int read(byte[] into, int offset, int length) throws FileTrouble {
            ByteBuffer room = ByteBuffer.wrap(into, offset, length);
            try {
                while (room.hasRemaining() && channel.read(room) >= 0) {
                    // until it is full or there is no more
                }
            } catch (IOException e) {
                throw new FileTrouble(e);
            }
            return length - room.remaining();
        }

        @Override
        public void close() throws FileTrouble {
            try {
                channel.close();
            } catch (IOException e) {
                throw new FileTrouble(e);
            }
        }
    }
}
