package org.ashlar.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.ashlar.api.process.GuestStopped;

/**
 * Stands between a guest's code and the host, so that the guest can be stopped wherever it is: in Wasm code by
 * interrupting its thread, in a host call (where an interrupt could close a file) by letting it find out when it leaves
 * or waits.
 */
final class Gate {
    private static final int IN_GUEST = 0;
    private static final int IN_HOST = 1;
    private static final int STOPPED = 2;

    private final AtomicInteger where = new AtomicInteger(IN_GUEST);
    private volatile Thread thread;
    private volatile String reason = "";

    /** The guest begins to run on this thread. */
    synchronized void begin() {
        thread = Thread.currentThread();
        checkStopped();
    }

    /** The guest runs no more on this thread; no interrupt comes after this returns. */
    synchronized void end() {
        where.set(STOPPED);
        thread = null;
        Thread.interrupted();
    }

    void enterHost() {
        if (!where.compareAndSet(IN_GUEST, IN_HOST)) {
            throw stopped();
        }
    }

    void leaveHost() {
        if (!where.compareAndSet(IN_HOST, IN_GUEST)) {
            throw stopped();
        }
    }

    boolean isStopped() {
        return where.get() == STOPPED;
    }

    void checkStopped() {
        if (isStopped()) {
            throw stopped();
        }
    }

    /** Makes the guest unwind; returns at once. The first reason counts. */
    synchronized void stop(String why) {
        if (isStopped()) {
            return;
        }
        reason = why;
        if (where.getAndSet(STOPPED) == IN_GUEST && thread != null) {
            thread.interrupt();
        } else {
            LockSupport.unpark(thread);
        }
    }

    private GuestStopped stopped() {
        return new GuestStopped(reason);
    }
}
