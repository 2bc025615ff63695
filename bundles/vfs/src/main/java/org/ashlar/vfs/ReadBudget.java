package org.ashlar.vfs;

import java.util.concurrent.Semaphore;

/** Bounds what all reads together hold in the heap until their answers are given. */
final class ReadBudget {
    /** In bytes; at least the largest single read. */
    static final int TOTAL = 128 << 20;

    private final Semaphore bytes = new Semaphore(TOTAL, true);

    /** Waits for room. Closing gives it back. */
    Share take(int wanted) {
        bytes.acquireUninterruptibly(wanted);
        return () -> bytes.release(wanted);
    }

    /** What one read has taken. */
    @FunctionalInterface
    interface Share extends AutoCloseable {
        Share NOTHING = () -> { };

        @Override
        void close();
    }
}
