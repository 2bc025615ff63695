package org.ashlar.wasi;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A bounded pool of platform threads for the file work of guests, which run on virtual threads: a blocking system call there
 * would hold up its carrier, and an interrupt would close the file. One pool serves all guests of a node.
 */
public final class IoPool implements Executor, AutoCloseable {
    /** Work that may wait. A guest has one piece of work under way at a time, so this is reached by this many guests. */
    public static final int QUEUE = 65_536;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;

    /** @param threads how many pieces of work are done at the same time */
    public IoPool(int threads) {
        pool = new ThreadPoolExecutor(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE),
                Thread.ofPlatform().daemon().name("wasi-io-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
    }

    /** @throws RejectedExecutionException when the queue is full or the pool closed; guests see the error code busy */
    @Override
    public void execute(Runnable work) {
        pool.execute(work);
    }

    /** Takes no more work and ends the threads when they have done what they have; interrupts none, does not wait. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
