package org.ashlar.wasi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.ashlar.wasi.Quota.Use;

/**
 * A regular file that an instance has open, shared by the descriptor and the streams on it; closed when the last of them is
 * dropped. All methods do file work on the calling thread, a platform thread.
 */
final class OpenFile implements Closeable {
    private final Drive drive;
    private final OpenFiles owner;
    private final FileChannel channel;
    private final Inodes.Inode inode;
    private final AtomicInteger holders = new AtomicInteger(1);

    private OpenFile(Drive drive, OpenFiles owner, FileChannel channel, Inodes.Inode inode) {
        this.drive = drive;
        this.owner = owner;
        this.channel = channel;
        this.inode = inode;
    }

    /** Takes over a channel that was just opened on {@code place}. Under the drive's lock. */
    static OpenFile of(Drive drive, OpenFiles owner, FileChannel channel, Place place) throws IOException, FileError {
        Inodes.Inode inode;
        try {
            inode = drive.inodes().opened(FileStat.of(place.host()).key(), place.host(), channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        OpenFile file = new OpenFile(drive, owner, channel, inode);
        owner.add(file);
        return file;
    }

    OpenFile retain() {
        holders.incrementAndGet();
        return this;
    }

    void release() throws IOException {
        if (holders.decrementAndGet() == 0) {
            owner.remove(this);
            close();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            drive.locked(() -> {
                if (channel.isOpen()) {
                    drive.quota().give(Use.ofBytes(drive.inodes().closing(inode, channel)));
                    channel.close();
                }
                return true;
            });
        } catch (FileError e) {
            throw new IOException(e);
        }
    }

    long size() throws IOException {
        return channel.size();
    }

    /** At most {@code limit} bytes from {@code offset} on; none at the end. */
    byte[] read(int limit, long offset) throws IOException {
        long left = offset < 0 ? 0 : channel.size() - offset;
        if (left <= 0) {
            return new byte[0];
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(limit, left));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array();
    }

    /** Writes all, or refuses when the quota does not suffice. @return how many bytes that are */
    int write(byte[] bytes, long offset) throws IOException, FileError {
        return drive.locked(() -> writeAt(bytes, offset));
    }

    int append(byte[] bytes) throws IOException, FileError {
        return drive.locked(() -> writeAt(bytes, channel.size()));
    }

    /** Makes it shorter, or longer with zeros. */
    void setSize(long size) throws IOException, FileError {
        drive.locked(() -> {
            long before = channel.size();
            if (size < 0 || size > before) {
                if (size < 0) {
                    throw tooLarge();
                }
                writeAt(new byte[1], size - 1);
            } else {
                channel.truncate(size);
                drive.quota().give(Use.ofBytes(before - size));
            }
            return true;
        });
    }

    /** Returns when what was written is on stable storage. @param metadata whether more than the content matters */
    void sync(boolean metadata) throws IOException {
        channel.force(metadata);
    }

    FileStat stat() throws IOException, FileError {
        return drive.locked(() -> {
            Optional<java.nio.file.Path> path = inode.path();
            return path.isPresent() ? FileStat.of(path.get()) : FileStat.unlinked(channel.size(), inode.key());
        });
    }

    void setTimes(NewTimes times) throws IOException, FileError {
        drive.locked(() -> {
            times.set(inode.path().orElseThrow(() -> new FileError(ErrorCode.UNSUPPORTED, "the file has no name any more")));
            return true;
        });
    }

    private int writeAt(byte[] bytes, long offset) throws IOException, FileError {
        if (offset < 0 || offset + bytes.length < 0) {
            throw tooLarge();
        }
        long before = channel.size();
        long growth = Math.max(0, offset + bytes.length - before);
        if (bytes.length == 0) {
            return 0;
        }
        drive.quota().take(Use.ofBytes(growth));
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer, offset + buffer.position());
            }
        } finally {
            // The host may have taken only part of it: what counts is what is there now.
            if (growth > 0 && channel.isOpen()) {
                drive.quota().give(Use.ofBytes(before + growth - channel.size()));
            }
        }
        return bytes.length;
    }

    private static FileError tooLarge() {
        return new FileError(ErrorCode.FILE_TOO_LARGE, "beyond the largest size of a file");
    }
}
