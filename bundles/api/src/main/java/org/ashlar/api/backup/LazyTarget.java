package org.ashlar.api.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A target that is opened at its first use, and tried again at each further one until it can be: a disk that is plugged in later, or a machine
 * that answers later, needs no restart. What offers a target for a configuration extends it.
 */
public abstract class LazyTarget implements BackupTarget {
    private final Opening opening;
    private BackupTarget opened;
    private boolean closed;

    /** Opens the target itself, and waits for no network: others, and {@link #close}, wait meanwhile. Called by one thread at a time. */
    @FunctionalInterface
    public interface Opening {
        BackupTarget open() throws IOException;
    }

    protected LazyTarget(Opening opening) {
        this.opening = opening;
    }

    private synchronized BackupTarget target() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (opened == null) {
            opened = opening.open();
        }
        return opened;
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        return target().put(name, content);
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        return target().get(name, offset, into);
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        target().list(folder, each);
    }

    @Override
    public boolean delete(String name) throws IOException {
        return target().delete(name);
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        return target().stat(name);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (opened != null) {
            opened.close();
        }
    }
}
