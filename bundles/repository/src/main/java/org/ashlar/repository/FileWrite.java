package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A file that {@link Restore} writes; its chunks by whoever has time. */
final class FileWrite {
    private static final int BLOCK = 64 << 10;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final Restore restore;
    private final BlobIndex index;
    private final Node node;
    private final Path to;
    private final Workers workers;
    private final AtomicInteger missing = new AtomicInteger(1);
    private volatile Exception failure;
    private FileChannel channel;

    FileWrite(Restore restore, BlobIndex index, Node node, Path to, Workers workers) {
        this.restore = restore;
        this.index = index;
        this.node = node;
        this.to = to;
        this.workers = workers;
    }

    void run() {
        try {
            Files.deleteIfExists(to);
            channel = FileChannel.open(to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            long at = 0;
            for (Id id : node.content()) {
                if (failure != null) {
                    break;
                }
                at += chunk(id, at, node.content().size() > 1);
            }
            if (failure == null && at != node.size()) {
                throw new DamagedException("its chunks have " + at + " bytes instead of " + node.size());
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        finish();
    }

    private int chunk(Id id, long at, boolean several) throws IOException {
        if (several) {
            int length = index.find(BlobType.DATA, id).orElseThrow(() -> new DamagedException("the chunk " + id.brief() + " is in no index"))
                    .blob().plainLength();
            missing.incrementAndGet();
            if (workers.offer(desk -> elsewhere(id, at), () -> { })) {
                return length;
            }
            missing.decrementAndGet();
        }
        return write(id, at);
    }

    private void elsewhere(Id id, long at) {
        try {
            write(id, at);
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        finish();
    }

    private int write(Id id, long at) throws IOException {
        BlobReader reader = restore.reader(index);
        byte[] plain;
        try {
            plain = reader.load(BlobType.DATA, id);
        } finally {
            restore.giveBack(reader);
        }
        for (int from = 0; from < plain.length;) {
            int end = from;
            while (end < plain.length && !isZero(plain, end)) {
                end = Math.min(end + BLOCK, plain.length);
            }
            ByteBuffer piece = ByteBuffer.wrap(plain, from, end - from);
            while (piece.hasRemaining()) {
                channel.write(piece, at + piece.position());
            }
            from = end;
            while (from < plain.length && isZero(plain, from)) {
                from = Math.min(from + BLOCK, plain.length); // a hole
            }
        }
        restore.moved(plain.length);
        return plain.length;
    }

    private static boolean isZero(byte[] bytes, int from) {
        int end = Math.min(from + BLOCK, bytes.length);
        return Arrays.equals(bytes, from, end, ZEROS, 0, end - from);
    }

    private void finish() {
        if (missing.decrementAndGet() > 0) {
            return;
        }
        try {
            if (channel != null) {
                if (failure == null && channel.size() < node.size()) {
                    channel.write(ByteBuffer.wrap(new byte[1]), node.size() - 1);
                }
                if (failure == null && restore.isDurable()) {
                    channel.force(true);
                }
                channel.close();
            }
            if (failure == null) {
                restore.metadata.of(node, to);
                restore.wrote(node.size());
            } else {
                // Nothing half-written stays under the file's name.
                Files.deleteIfExists(to);
                restore.problem(to.toString(), failure);
            }
        } catch (IOException e) {
            restore.problem(to.toString(), e);
        } finally {
            restore.finished();
        }
    }
}
