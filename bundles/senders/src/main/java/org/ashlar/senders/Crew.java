package org.ashlar.senders;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A few platform threads, started when there is work for them. Who worked last gets the next job; and before it sleeps it watches for
 * one, for a moment and never two of them at a time: on an idle processor a thread wakes up in more time than a small piece of
 * file work takes. Any thread may call.
 */
final class Crew implements Executor {
    /** How long one watches for the next job. */
    static final long WATCH_NANOS = 50_000;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Thread.Builder threads;
    private final int most;
    private final Patience patience = new Patience();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    /** Guarded by {@link #lock}, as all below. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    /** Who went to sleep last comes first. */
    private final Deque<Member> asleep = new ArrayDeque<>();
    /** Null when nobody watches. */
    private Member watching;
    private int members;
    private boolean closed;

    /** @param name of the threads, before their number; @param most how many */
    Crew(String name, int most) {
        this.threads = Thread.ofPlatform().name(name, 0).daemon();
        this.most = most;
    }

    /** @param job throws nothing; @throws RejectedExecutionException after {@link #close} */
    @Override
    public void execute(Runnable job) {
        Member sleeper;
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            if (watching != null) {
                watching.job = job;
                watching = null;
                return;
            }
            sleeper = asleep.poll();
            if (sleeper != null) {
                sleeper.job = job;
            } else if (members < most) {
                members++;
                threads.start(new Member(job));
            } else {
                waiting.add(job);
            }
        } finally {
            lock.unlock();
        }
        if (sleeper != null) {
            LockSupport.unpark(sleeper.thread);
        }
    }

    /** Has all jobs done, and the threads end. @return whether they have within that time */
    boolean close(long nanos) throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            asleep.forEach(member -> LockSupport.unpark(member.thread));
            long rest = nanos;
            while (members > 0 && rest > 0) {
                rest = left.awaitNanos(rest);
            }
            return members == 0;
        } finally {
            lock.unlock();
        }
    }

    private final class Member implements Runnable {
        /** What it is to do next; given under the lock, to one that watches or sleeps. */
        private volatile Runnable job;
        private volatile Thread thread;

        Member(Runnable first) {
            job = first;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            while (job != null) {
                job.run();
                job = null;
                rest();
            }
        }

        /** Returns with a job, or to end. */
        private void rest() {
            lock.lock();
            try {
                job = waiting.poll();
                if (job != null) {
                    return;
                }
                if (watching == null && !closed && patience.hasNow()) {
                    watching = this;
                    watch();
                }
                if (job == null) {
                    sleep();
                }
            } finally {
                lock.unlock();
            }
        }

        private void watch() {
            lock.unlock();
            long end = System.nanoTime() + WATCH_NANOS;
            while (job == null && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            lock.lock();
            patience.cameOf(job != null);
            if (job == null) {
                watching = null;
            }
        }

        private void sleep() {
            asleep.push(this);
            long end = System.nanoTime() + IDLE_NANOS;
            while (job == null && !closed && System.nanoTime() < end) {
                lock.unlock();
                LockSupport.parkNanos(Crew.this, IDLE_NANOS);
                lock.lock();
            }
            if (job == null) {
                asleep.remove(this);
                members--;
                left.signalAll();
            }
        }
    }
}
