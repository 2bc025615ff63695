package org.ashlar.net;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What threads that send to one node wait for. They do so without a limit, because each wait with one wakes a thread of the JVM
 * when it begins, and again when it ends early: the network's clock looks after those that wait for long, and a thread of its own
 * after what can wait for company. To be used with the lock held.
 */
final class Work {
    private static final long NOBODY = Long.MAX_VALUE;

    private final Machine machine;
    private final ReentrantLock lock;
    private final Condition came;
    /** When the first of those that wait is to be woken at the latest, as far as is known. */
    private long wakeAt = NOBODY;
    /** Whether a thread waits until what could wait is due. */
    private boolean timed;
    private boolean due;

    Work(Machine machine, ReentrantLock lock) {
        this.machine = machine;
        this.lock = lock;
        came = machine.condition(lock);
    }

    /** There is something to send. */
    void came() {
        came.signalAll();
    }

    /** There is something to send that can wait a little for company. */
    void cameToWait() {
        if (timed) {
            return;
        }
        timed = true;
        machine.start("net-acks", () -> {
            machine.pause(Limits.ACK_DELAY.toNanos());
            lock.lock();
            try {
                timed = false;
                due = true;
                came.signalAll();
            } finally {
                lock.unlock();
            }
        });
    }

    /** Whether what could wait has waited long enough. */
    boolean isDue() {
        return due;
    }

    /** What could wait is being sent. */
    void sent() {
        due = false;
    }

    /** Waits for work, at most until the time {@code end} of the machine, or a second longer. */
    void await(long end) throws InterruptedException {
        wakeAt = Math.min(wakeAt, end);
        came.await();
    }

    /** Waits for work, briefly. */
    void awaitBriefly(long nanos) throws InterruptedException {
        came.awaitNanos(nanos);
    }

    /** To be called about once a second. */
    void tick(long now) {
        if (now >= wakeAt) {
            wakeAt = NOBODY;
            came.signalAll(); // those that have time left wait again
        }
    }
}
