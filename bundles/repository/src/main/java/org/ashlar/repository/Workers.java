package org.ashlar.repository;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that work through files. A file that is large is cut by one of them, and its chunks go to those that have nothing else
 * to do; when all have, it works on them itself. No task waits for another, so none can wait for ever.
 * <p>
 * Bounded: {@link #WAITING} tasks, and as many chunks beside them as there are threads. The first failure ends all.
 */
final class Workers implements AutoCloseable {
    /** Most files that wait to be read. */
    static final int WAITING = 256;

    private final LinkedBlockingDeque<Task> tasks = new LinkedBlockingDeque<>();
    private final Semaphore places = new Semaphore(WAITING);
    private final Semaphore chunks;
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;

    /** Work that uses the memory of its thread. */
    interface Task {
        void run(Desk desk) throws IOException;
    }

    /** The memory of one thread. */
    static final class Desk {
        final BlobWriter.Scratch plain = new BlobWriter.Scratch();
        final BlobWriter.Scratch sealed = new BlobWriter.Scratch();
    }

    Workers(int threads) {
        chunks = new Semaphore(Math.max(threads - 1, 0));
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().daemon().name("repository worker " + i).start(this::work);
        }
    }

    private void work() {
        Desk desk = new Desk();
        while (!closed) {
            try {
                idle.incrementAndGet();
                Task task;
                try {
                    task = tasks.poll(1, TimeUnit.SECONDS);
                } finally {
                    idle.decrementAndGet();
                }
                if (task != null) {
                    task.run(desk);
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    void fail(Throwable why) {
        failure.compareAndSet(null, why);
        closed = true;
        tasks.clear();
    }

    /** Hands a file over; waits while too many wait. */
    void submit(Task task) throws IOException {
        try {
            while (!places.tryAcquire(1, TimeUnit.SECONDS)) {
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        check();
        tasks.addLast(desk -> {
            places.release();
            task.run(desk);
        });
    }

    /**
     * Hands a chunk to a thread that has nothing to do.
     *
     * @param ready called before it is handed over, when it is
     * @return whether there is one; if not, the caller does it
     */
    boolean offer(Task chunk, Runnable ready) {
        if (idle.get() == 0 || !chunks.tryAcquire()) {
            return false;
        }
        ready.run();
        tasks.addFirst(desk -> {
            try {
                chunk.run(desk);
            } finally {
                chunks.release();
            }
        });
        return true;
    }

    /** Passes on what failed. */
    void check() throws IOException {
        switch (failure.get()) {
            case null -> { }
            case IOException e -> throw new IOException(e.getMessage(), e);
            case RepositoryException e -> throw e;
            case Throwable e -> throw new IllegalStateException("a worker failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        tasks.clear();
    }
}
