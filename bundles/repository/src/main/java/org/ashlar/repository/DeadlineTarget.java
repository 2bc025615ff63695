package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;

/**
 * Gives up on a call that takes too long, and on all that are under way when it is closed, so that a target that has stalled or that was
 * taken away holds up nobody. The call itself is not interrupted (that would close file channels); it keeps one of {@link #CALLS} threads
 * until it comes back, and when all are kept, further calls fail at once.
 * <p>
 * A put that failed may still read its content: the caller leaves those bytes alone from then on.
 * A listing may take long as a whole; it has stalled when no object was shown for so long. Threads: any number.
 */
public final class DeadlineTarget implements BackupTarget {
    /** Most calls under way, those included that were given up. */
    static final int CALLS = 16;

    /** A call was given up; whether it has its effect is open, and it may still read what it was given. */
    static final class StalledException extends IOException {
        private static final long serialVersionUID = 1L;

        StalledException(String message) {
            super(message);
        }
    }

    private final BackupTarget target;
    private final Duration patience;
    private final ThreadPoolExecutor calls;
    private final Set<Future<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param patience how long one call may take */
    public DeadlineTarget(BackupTarget target, Duration patience) {
        this.target = target;
        this.patience = patience;
        this.calls = new ThreadPoolExecutor(0, CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("backup target call").factory());
    }

    private <T> T within(String what, AtomicLong alive, Callable<T> call) throws IOException {
        Future<T> future;
        try {
            future = calls.submit(call);
        } catch (RejectedExecutionException e) {
            throw closed ? goneDuring(what) : new StalledException("The target has stalled: " + CALLS + " calls are under way and do not come back.");
        }
        underWay.add(future);
        if (closed) { // in between: who closed it may not have seen this call
            future.cancel(false);
        }
        try {
            while (true) {
                long left = patience.toNanos() - (System.nanoTime() - alive.get());
                try {
                    return future.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (System.nanoTime() - alive.get() >= patience.toNanos()) {
                        throw new StalledException("The target has stalled: " + what + " took longer than " + patience.toSeconds() + " s.");
                    }
                }
            }
        } catch (CancellationException e) {
            throw goneDuring(what);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                case Throwable failed -> throw new IOException(failed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + what, e);
        } finally {
            underWay.remove(future);
        }
    }

    private static StalledException goneDuring(String what) {
        return new StalledException("The target was taken away during " + what + ".");
    }

    private <T> T within(String what, Callable<T> call) throws IOException {
        return within(what, new AtomicLong(System.nanoTime()), call);
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        ByteBuffer own = content.duplicate();
        return within("put of " + name, () -> target.put(name, own));
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        ByteBuffer own = ByteBuffer.allocate(into.remaining());
        int read = within("get of " + name, () -> target.get(name, offset, own));
        into.put(own.flip());
        return read;
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        AtomicLong alive = new AtomicLong(System.nanoTime());
        boolean[] over = new boolean[1];
        Object turn = new Object();
        try {
            within("list of " + folder, alive, () -> {
                target.list(folder, stored -> {
                    synchronized (turn) {
                        if (over[0]) {
                            throw new IllegalStateException("the listing was given up");
                        }
                        each.accept(stored);
                        alive.set(System.nanoTime());
                    }
                });
                return true;
            });
        } finally {
            synchronized (turn) {
                over[0] = true;
            }
        }
    }

    @Override
    public boolean delete(String name) throws IOException {
        return within("delete of " + name, () -> target.delete(name));
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        return within("stat of " + name, () -> target.stat(name));
    }

    @Override
    public void close() {
        closed = true;
        calls.shutdown();
        underWay.forEach(call -> call.cancel(false));
        target.close();
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
