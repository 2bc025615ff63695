package org.ashlar.vfs;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Bounds what all reads together hold in the heap until their answers are given, and what is read ahead until it is dropped. */
final class ReadBudget {
    /** In bytes; at least the largest single read. */
    static final int TOTAL = 128 << 20;
    /** Of all that is read ahead beyond the first {@link Ahead#SIZE} of each file, in bytes. */
    static final int AHEAD = 16 << 20;

    private final Semaphore bytes = new Semaphore(TOTAL, true);
    private final Semaphore ahead = new Semaphore(AHEAD);

    /** Waits for room. Closing gives it back. */
    Share take(int wanted) {
        bytes.acquireUninterruptibly(wanted);
        return () -> bytes.release(wanted);
    }

    /** Room to read more of a file ahead; empty when there is none now. */
    Optional<Share> more(int wanted) {
        return ahead.tryAcquire(wanted) ? Optional.of(() -> ahead.release(wanted)) : Optional.empty();
    }

    /** What is free for {@link #more}, in bytes. */
    int left() {
        return ahead.availablePermits();
    }

    /** What one read has taken. */
    @FunctionalInterface
    interface Share extends AutoCloseable {
        Share NOTHING = () -> { };

        @Override
        void close();
    }
}
