package org.ashlar.tck;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;

/** A target whose place is a map, for tests of what uses targets. Several may share one place. */
public final class MemoryTarget implements BackupTarget {
    private final ConcurrentMap<String, byte[]> place;
    private volatile boolean closed;

    public MemoryTarget() {
        this(new ConcurrentSkipListMap<>());
    }

    /** @param place the objects by name; tests may look at them and change them */
    public MemoryTarget(ConcurrentMap<String, byte[]> place) {
        this.place = place;
    }

    public ConcurrentMap<String, byte[]> place() {
        return place;
    }

    private ConcurrentMap<String, byte[]> open(String name) throws IOException {
        BackupTarget.requireName(name);
        if (closed) {
            throw new ClosedChannelException();
        }
        return place;
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return open(name).putIfAbsent(name, copy) == null;
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        byte[] bytes = open(name).get(name);
        if (bytes == null) {
            throw new NoSuchFileException(name);
        }
        int length = (int) Math.clamp(bytes.length - offset, 0, into.remaining());
        if (length > 0) {
            into.put(bytes, (int) offset, length);
        }
        return length;
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        open(folder).forEach((name, bytes) -> {
            if (name.startsWith(folder + "/")) {
                each.accept(new Stored(name, bytes.length));
            }
        });
    }

    @Override
    public boolean delete(String name) throws IOException {
        return open(name).remove(name) != null;
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        byte[] bytes = open(name).get(name);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public void close() {
        closed = true;
    }
}
