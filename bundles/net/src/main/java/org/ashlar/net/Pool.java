package org.ashlar.net;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A few platform threads for what must not be done on virtual ones: files, and asking the system for the address of a name. */
final class Pool implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int WAITING = 1_024;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING), Thread.ofPlatform().name("net-io-", 1).daemon().factory());

    Pool() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** Does {@code work} there and waits for it. */
    <T> T call(Callable<T> work) throws IOException {
        try {
            return threads.submit(work).get();
        } catch (RejectedExecutionException e) {
            throw new IOException("too much waits for files and names already", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
