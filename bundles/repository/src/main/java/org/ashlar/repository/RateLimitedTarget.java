package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.ashlar.api.backup.BackupTarget;

/**
 * Sends and fetches no faster than so many bytes a second, taken over all threads. An object goes as one piece: before it, the
 * caller waits until what went before is paid for.
 */
public final class RateLimitedTarget implements BackupTarget {
    private final BackupTarget target;
    private final Budget sent;
    private final Budget fetched;

    /** @param sent and {@code fetched}: bytes a second; 0 is no limit */
    public RateLimitedTarget(BackupTarget target, long sent, long fetched) {
        this(target, sent, fetched, System::nanoTime, LockSupport::parkNanos);
    }

    RateLimitedTarget(BackupTarget target, long sent, long fetched, LongSupplier clock, LongConsumer sleep) {
        this.target = target;
        this.sent = new Budget(sent, clock, sleep);
        this.fetched = new Budget(fetched, clock, sleep);
    }

    /** When the next bytes may go. */
    private static final class Budget {
        private static final double SECOND = 1e9;
        private final long rate;
        private final LongSupplier clock;
        private final LongConsumer sleep;
        private long free;
        private boolean begun;

        Budget(long rate, LongSupplier clock, LongConsumer sleep) {
            this.rate = rate;
            this.clock = clock;
            this.sleep = sleep;
        }

        void spend(long bytes) {
            if (rate == 0) {
                return;
            }
            long mine;
            synchronized (this) {
                long now = clock.getAsLong();
                mine = begun ? Math.max(free, now) : now;
                free = mine + (long) (bytes * SECOND / rate);
                begun = true;
            }
            for (long left = mine - clock.getAsLong(); left > 0; left = mine - clock.getAsLong()) {
                sleep.accept(left);
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
        target.close();
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
