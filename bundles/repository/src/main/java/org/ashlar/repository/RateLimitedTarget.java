package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.ashlar.api.backup.BackupTarget;

/**
 * Sends no faster than so many bytes a second, and fetches no faster than so many, taken over all threads. An object goes as one piece:
 * before it, the caller waits until what went before is paid for. Closing lets go of those who wait.
 */
public final class RateLimitedTarget implements BackupTarget {
    /** Slowest, in bytes a second: a pack of usual size takes a quarter of an hour. */
    public static final long MIN_RATE = 16 << 10;
    /** How often somebody who waits looks whether the target is closed. */
    private static final long LOOK_NANOS = 200_000_000;

    private final BackupTarget target;
    private final long rate;
    private final LongSupplier clock;
    private final LongConsumer sleep;
    private final Budget sent = new Budget();
    private final Budget fetched = new Budget();
    private volatile boolean closed;

    /** @param rate bytes a second, each way; at least {@link #MIN_RATE} */
    public RateLimitedTarget(BackupTarget target, long rate) {
        this(target, rate, System::nanoTime, LockSupport::parkNanos);
        if (rate < MIN_RATE) {
            throw new IllegalArgumentException(rate + " bytes a second; at least " + MIN_RATE);
        }
    }

    RateLimitedTarget(BackupTarget target, long rate, LongSupplier clock, LongConsumer sleep) {
        this.target = target;
        this.rate = rate;
        this.clock = clock;
        this.sleep = sleep;
    }

    /** When the next bytes may go. */
    private final class Budget {
        private static final double SECOND = 1e9;
        private long free;
        private boolean begun;

        void spend(long bytes) throws ClosedChannelException {
            long mine;
            synchronized (this) {
                long now = clock.getAsLong();
                mine = begun ? Math.max(free, now) : now;
                free = mine + (long) (bytes * SECOND / rate);
                begun = true;
            }
            for (long left = mine - clock.getAsLong(); left > 0; left = mine - clock.getAsLong()) {
                sleep.accept(Math.min(left, LOOK_NANOS));
                if (closed) {
                    throw new ClosedChannelException();
                }
            }
        }
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        sent.spend(content.remaining());
        return target.put(name, content);
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        fetched.spend(into.remaining());
        return target.get(name, offset, into);
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        target.list(folder, each);
    }

    @Override
    public boolean delete(String name) throws IOException {
        return target.delete(name);
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        return target.stat(name);
    }

    @Override
    public void close() {
        closed = true;
        target.close();
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
