package org.ashlar.tck.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file that tells its disk of each change and each sync. */
final class WatchedChannel extends FileChannel {
    private final LosingDisk disk;
    private final Path path;
    private final FileChannel real;

    WatchedChannel(LosingDisk disk, Path path, FileChannel real) {
        this.disk = disk;
        this.path = path;
        this.real = real;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return real.read(into);
    }

    @Override
    public long read(ByteBuffer[] into, int from, int count) throws IOException {
        return real.read(into, from, count);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return real.read(into, position);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        disk.point();
        return real.write(bytes);
    }

    @Override
    public long write(ByteBuffer[] bytes, int from, int count) throws IOException {
        disk.point();
        return real.write(bytes, from, count);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
        disk.point();
        return real.write(bytes, position);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.point();
        real.truncate(size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.point();
        real.force(metaData);
        disk.synced(path, real);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        if (target instanceof WatchedChannel watched) {
            disk.point();
            return real.transferTo(position, count, watched.real);
        }
        return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        disk.point();
        return real.transferFrom(source instanceof WatchedChannel watched ? watched.real : source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException("what is written to a mapped file cannot be watched");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
