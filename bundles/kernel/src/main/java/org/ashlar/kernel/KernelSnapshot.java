package org.ashlar.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.codec.KernelResponse;
import org.ashlar.codec.ProcessEntry;

/**
 * The kernel's part of a snapshot: at the cut no change of the process table is half-way between its first visible effect
 * and the disk. What it shows, for people and for checking, is that table; the truth about it is in the state store.
 */
final class KernelSnapshot implements Snapshotable {
    private final Node node;
    private byte[] table;

    KernelSnapshot(Node node) {
        this.node = node;
    }

    @Override
    public String name() {
        return "kernel";
    }

    /** A change of the table is held while its commit waits for the store. */
    @Override
    public int layer() {
        return 1;
    }

    /** Nothing is cached that could be written beforehand. */
    @Override
    public synchronized void prepare() {
        if (table != null) {
            throw new IllegalStateException("a snapshot of the kernel is under way");
        }
    }

    @Override
    public synchronized void cut(Barrier barrier) throws IOException {
        var lock = node.journal().table().writeLock();
        try {
            if (!lock.tryLock(CUT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("the process table was busy for " + CUT_MILLIS + " ms; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the process table", e);
        }
        try {
            barrier.await();
            TreeMap<ProcessId, ProcessEntry> kept = new TreeMap<>();
            for (Slot slot : node.slots().all()) {
                if (slot instanceof GuestSlot guest && guest.isPersistent()) {
                    kept.put(guest.id(), new ProcessEntry(guest.entry().wasmBytesHandle(), guest.entry().witVersion(),
                            guest.entry().onExit(), List.of(), guest.isPublic()));
                }
            }
            table = new KernelResponse.ProcessMap(kept).encode();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public synchronized List<Entry> open() {
        if (table == null) {
            throw new IllegalStateException("there is no cut");
        }
        byte[] content = table;
        return List.of(new Entry() {
            @Override
            public String path() {
                return "processes.json";
            }

            @Override
            public InputStream read() {
                return new ByteArrayInputStream(content);
            }
        });
    }

    @Override
    public synchronized void release() {
        table = null;
    }
}
