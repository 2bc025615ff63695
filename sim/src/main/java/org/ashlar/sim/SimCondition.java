package org.ashlar.sim;

import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A condition of a lock, in simulated time. Nothing here is shared with a thread that runs at the same time: there is none. */
final class SimCondition implements Condition {
    private final SimMachine machine;
    private final ReentrantLock lock;
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private boolean signalled;
    }

    SimCondition(SimMachine machine, ReentrantLock lock) {
        this.machine = machine;
        this.lock = lock;
    }

    @Override
    public void await() throws InterruptedException {
        awaitNanos(Long.MAX_VALUE);
    }

    @Override
    public void awaitUninterruptibly() {
        boolean interrupted = Thread.interrupted(); // with it nothing parks
        await(Long.MAX_VALUE, false);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long left = await(nanos, true);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return left;
    }

    private long await(long nanos, boolean interruptibly) {
        boolean bounded = nanos < Long.MAX_VALUE;
        long deadline = bounded ? machine.nanos() + nanos : Long.MAX_VALUE;
        Waiter self = new Waiter();
        waiters.add(self);
        int holds = lock.getHoldCount();
        for (int i = 0; i < holds; i++) {
            lock.unlock();
        }
        while (!self.signalled && machine.nanos() < deadline && !(interruptibly && Thread.currentThread().isInterrupted())) {
            if (bounded) {
                machine.park(deadline - machine.nanos());
            } else {
                LockSupport.park(this);
            }
        }
        waiters.remove(self);
        for (int i = 0; i < holds; i++) {
            lock.lock();
        }
        return deadline - machine.nanos();
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitNanos(unit.toNanos(time)) > 0;
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return awaitNanos(TimeUnit.MILLISECONDS.toNanos(deadline.getTime() - machine.now().toEpochMilli())) > 0;
    }

    @Override
    public void signal() {
        wake(waiters.poll());
    }

    @Override
    public void signalAll() {
        while (!waiters.isEmpty()) {
            wake(waiters.poll());
        }
    }

    private static void wake(Waiter waiter) {
        if (waiter != null) {
            waiter.signalled = true;
            LockSupport.unpark(waiter.thread);
        }
    }
}
