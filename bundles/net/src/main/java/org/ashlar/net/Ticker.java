package org.ashlar.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Does something about once a second, on a thread of its own, until it is closed. Any thread may close it. */
final class Ticker implements AutoCloseable {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition over;
    private final Runnable work;
    private boolean closed;

    Ticker(Machine machine, Runnable work) {
        this.work = work;
        over = machine.condition(lock);
        machine.start("net-clock", this::run);
    }

    private void run() {
        while (await()) {
            work.run();
        }
    }

    /** @return false when it is closed */
    private boolean await() {
        lock.lock();
        try {
            long left = EVERY_NANOS;
            while (!closed && left > 0) {
                left = over.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            over.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
