package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that {@link Restore} writes. Its chunks come in any order, on any threads; who brings the last one completes it.
 * <p>
 * It stays open from its first chunk to its last while the restore has room for open files ({@link #OPEN}); beyond, each chunk opens it anew.
 */
final class FileWrite {
    /** Most files that a restore keeps open. */
    static final int OPEN = 128;
    private static final int BLOCK = 64 << 10;
    /** Most that is written at once: the JDK keeps as much memory for each thread that writes. */
    private static final int PIECE = 1 << 20;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final Restore restore;
    private final Node node;
    private final Path to;
    /** Chunks that are not written yet, and one for {@link #begin}. */
    private final AtomicInteger missing = new AtomicInteger(1);
    /** Up to where something was written: behind it may be a hole. */
    private final AtomicLong end = new AtomicLong();
    private volatile Exception failure;
    /** Where it is written: under its name, or beside it while something else has that. Set with {@code made}. */
    private volatile Path written;
    private boolean made;
    private FileChannel open;

    FileWrite(Restore restore, Node node, Path to) {
        this.restore = restore;
        this.node = node;
        this.to = to;
    }

    /** Says what it needs. A file without chunks is complete with that. */
    void begin(BlobIndex index, PackOrder order) {
        try {
            long at = 0;
            for (Id id : node.content()) {
                BlobIndex.Entry place = index.find(BlobType.DATA, id)
                        .orElseThrow(() -> new DamagedException("the chunk " + id.brief() + " is in no index"));
                missing.incrementAndGet();
                order.add(new PackOrder.Chunk(this, at, place));
                at += place.blob().plainLength();
            }
            if (at != node.size()) {
                throw new DamagedException("its chunks have " + at + " bytes instead of " + node.size());
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        arrived();
    }

    /** Whether a chunk of it was in vain: then the rest need not be read. */
    boolean isLost() {
        return failure != null;
    }

    void lose(Exception why) {
        failure = why;
    }

    /** Writes a chunk; of what is zero, a hole is left. */
    void write(ByteBuffer chunk, long at) throws IOException {
        FileChannel channel = channel();
        try {
            write(channel, chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining(), at);
        } finally {
            leave(channel);
        }
        restore.moved(chunk.remaining());
    }

    private void write(FileChannel channel, byte[] bytes, int first, int length, long at) throws IOException {
        int last = first + length;
        for (int from = first; from < last;) {
            int piece = from;
            while (piece < last && piece - from < PIECE && !isZero(bytes, piece, last)) {
                piece = Math.min(piece + BLOCK, last);
            }
            ByteBuffer full = ByteBuffer.wrap(bytes, from, piece - from);
            while (full.hasRemaining()) {
                channel.write(full, at + full.position() - first);
            }
            if (piece > from) {
                end.accumulateAndGet(at + piece - first, Math::max);
            }
            from = piece;
            while (from < last && isZero(bytes, from, last)) {
                from = Math.min(from + BLOCK, last);
            }
        }
    }

    private static boolean isZero(byte[] bytes, int from, int last) {
        int length = Math.min(BLOCK, last - from);
        return Arrays.equals(bytes, from, from + length, ZEROS, 0, length);
    }

    private synchronized FileChannel channel() throws IOException {
        if (open != null) {
            return open;
        }
        FileChannel channel;
        if (made) {
            channel = FileChannel.open(written, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } else {
            written = Naming.place(to);
            channel = FileChannel.open(written, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            made = true;
        }
        if (restore.room.tryAcquire()) {
            open = channel;
        }
        return channel;
    }

    private synchronized void leave(FileChannel channel) throws IOException {
        if (channel != open) {
            channel.close();
        }
    }

    /** A chunk, or the beginning, is done or given up. */
    void arrived() {
        if (missing.decrementAndGet() > 0) {
            return;
        }
        try {
            complete();
            if (failure == null) {
                restore.metadata.of(node, written);
                Naming.name(written, to);
                restore.wrote(node.size());
            } else {
                giveUp(failure);
            }
        } catch (IOException e) {
            giveUp(e);
        } finally {
            restore.finished();
        }
    }

    /** Nothing half-written stays under the file's name, and what had that name before stays. */
    private void giveUp(Exception why) {
        restore.lost(to, why);
        try {
            if (isMade()) {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            restore.problem(written.toString(), e);
        }
    }

    private synchronized boolean isMade() {
        return made;
    }

    private void complete() throws IOException {
        try {
            boolean hole = end.get() < node.size();
            if (failure == null && (!made || hole || restore.isDurable())) {
                FileChannel channel = channel();
                try {
                    if (hole) {
                        channel.write(ByteBuffer.wrap(new byte[1]), node.size() - 1);
                    }
                    if (restore.isDurable()) {
                        channel.force(true);
                    }
                } finally {
                    leave(channel);
                }
            }
        } finally {
            close();
        }
    }

    private synchronized void close() throws IOException {
        if (open != null) {
            restore.room.release();
            open.close();
            open = null;
        }
    }
}
