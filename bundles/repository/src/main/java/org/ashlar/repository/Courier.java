package org.ashlar.repository;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Platform threads that write to one target: at most two objects at a time, threads end when there is nothing to do. */
final class Courier implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int WAITING = 64;

    private final ThreadPoolExecutor pool;

    Courier(String name) {
        pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name(name).factory());
        pool.allowCoreThreadTimeOut(true);
    }

    <T> Future<T> submit(Callable<T> task) {
        return pool.submit(task);
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
