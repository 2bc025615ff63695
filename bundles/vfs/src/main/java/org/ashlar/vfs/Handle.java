package org.ashlar.vfs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that a process has open, and how far it has read or written. The file itself may be closed behind it and opened
 * again: when too many are open, and when the file was replaced by another of its name.
 */
final class Handle {
    private static final Logger LOG = LoggerFactory.getLogger(Handle.class);

    private final DrivePath path;
    private final Opener opener;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}; null while the file is closed. */
    private FileChannel channel;
    /** Guarded by {@link #lock}; goes when the file is closed. */
    private Optional<Ahead> ahead = Optional.empty();
    private long cursor;
    private volatile boolean stale;
    private volatile boolean gone;
    private volatile long usedAt = System.currentTimeMillis();

    /** Opens the file of a path for reading and writing. */
    interface Opener {
        FileChannel open(DrivePath path) throws IOException;
    }

    /** What is done with an open file. */
    interface Work<T> {
        T run(FileChannel file) throws IOException;
    }

    Handle(DrivePath path, Opener opener) {
        this.path = path;
        this.opener = opener;
    }

    DrivePath path() {
        return path;
    }

    /** Works with the open file; on the owner's behalf alone, so one at a time. */
    <T> T with(Work<T> work) throws IOException {
        lock.lock();
        try {
            usedAt = System.currentTimeMillis();
            if (stale) {
                stale = false;
                closeChannel();
            }
            if (channel == null) {
                channel = opener.open(path);
            }
            return work.run(channel);
        } finally {
            if (gone) {
                closeChannel();
            }
            lock.unlock();
        }
    }

    /** Keeps what was read ahead, in place of nothing. Within {@link #with}. */
    void keep(Ahead read) {
        ahead = Optional.of(read);
    }

    /** What was read ahead last. Within {@link #with}. */
    Optional<Ahead> ahead() {
        return ahead;
    }

    /** Lets go of what was read ahead. Within {@link #with}. */
    void drop() {
        ahead.ifPresent(read -> read.room().close());
        ahead = Optional.empty();
    }

    /** Lets go of what was read ahead when it does not count any more, unless the file is in use. */
    void dropIfOld() {
        if (lock.tryLock()) {
            try {
                if (ahead.isPresent() && !ahead.get().counts()) {
                    drop();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The next bytes, and moves the cursor behind them; empty when they were not read ahead, or the handle is in use. Never waits. */
    Optional<byte[]> ready(long length) {
        if (!lock.tryLock()) {
            return Optional.empty();
        }
        try {
            boolean known = !stale && !gone && ahead.isPresent() && ahead.get().has(cursor, length);
            if (!known) {
                return Optional.empty();
            }
            usedAt = System.currentTimeMillis();
            byte[] bytes = ahead.get().copy(cursor, (int) length);
            cursor += length;
            return Optional.of(bytes);
        } finally {
            lock.unlock();
        }
    }

    long cursor() {
        return cursor;
    }

    void cursor(long position) {
        cursor = position;
    }

    /** When it was last used, in milliseconds since 1970. */
    long usedAt() {
        return usedAt;
    }

    /** Another file has its name now: it is opened anew at the next use, the cursor stays. */
    void refresh() {
        stale = true;
        closeIfIdle();
    }

    /** Closes the file for good: now, or when the use that is under way ends. */
    void close() {
        gone = true;
        closeIfIdle();
    }

    /** Closes the file unless it is in use. @return whether it is closed */
    boolean closeIfIdle() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            closeChannel();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void closeChannel() {
        drop();
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warn("Closing {}", path, e);
            }
            channel = null;
        }
    }
}
