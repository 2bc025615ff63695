package org.ashlar.kernel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One of the platform threads that carry guests.
 * <p>
 * It runs first what was woken by what it ran last, at most {@link #TURNS} times on end: two that chat stay on one processor,
 * with their memory in its cache, and yet take turns with the others of its queue, and these with the queue that all share.
 * When it has nothing, it takes from the queues of others.
 * <p>
 * A process that was woken by one that goes on computing is not left waiting: a carrier without work watches those that
 * work, and takes what has been waiting behind the same piece of work for {@link #WATCH_NANOS}.
 */
final class Carrier extends Thread {
    private static final int TURNS = 64;
    private static final long WATCH_NANOS = 200_000;

    private final Carriers all;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Runnable> next = new AtomicReference<>();
    private final int[] seen;
    private volatile boolean asleep;
    /** Written by this thread only. */
    private volatile int runs;
    private int turns;
    /** The queue that all carriers share and this one's have turns: in both are some whom nobody else runs. */
    private boolean sharedIsNext;

    Carrier(Carriers all, int number, int count) {
        super(null, null, "guests-" + number, 0, false);
        this.all = all;
        this.seen = new int[count];
        setDaemon(true);
    }

    boolean belongsTo(Carriers those) {
        return all == those;
    }

    int runs() {
        return runs;
    }

    boolean isAsleep() {
        return asleep;
    }

    boolean holdsNext() {
        return next.get() != null;
    }

    Runnable takeNext() {
        return next.get() == null ? null : next.getAndSet(null);
    }

    Runnable pollQueue() {
        return queue.poll();
    }

    boolean hasQueued() {
        return !queue.isEmpty();
    }

    void wake() {
        asleep = false;
        LockSupport.unpark(this);
    }

    /** To be run after what is queued already. */
    void enqueue(Runnable ready) {
        queue.add(ready);
        all.wakeOne(this);
    }

    /** To be run as soon as what runs here waits. Called by that. */
    void runNext(Runnable ready) {
        Runnable before = next.getAndSet(ready);
        if (before != null) {
            enqueue(before);
        } else if (!all.isWatched()) {
            all.wakeOne(this);
        }
    }

    @Override
    public void run() {
        while (!all.isOver()) {
            Runnable ready = take();
            if (ready == null) {
                ready = rest();
            }
            if (ready != null) {
                runs++;
                try {
                    ready.run();
                } catch (Throwable e) {
                    Carriers.report(e);
                }
            }
        }
    }

    private Runnable take() {
        Runnable woken = takeNext();
        if (woken != null) {
            if (++turns < TURNS) {
                return woken;
            }
            queue.add(woken);
        }
        turns = 0;
        sharedIsNext = !sharedIsNext;
        Runnable ready = sharedIsNext ? all.pollShared() : null;
        ready = ready != null ? ready : queue.poll();
        ready = ready != null ? ready : all.pollShared();
        return ready != null ? ready : all.steal(this);
    }

    /**
     * Sleeps until there is work, or all is over. The first to rest while others work watches them meanwhile, so that they
     * need not wake anybody for each process that they wake.
     */
    private Runnable rest() {
        boolean watching = false;
        while (true) {
            asleep = true; // and looks only then: whoever brings work looks for sleepers after that
            Runnable ready = take();
            if (ready == null && watching) {
                ready = all.takeLate(this, seen);
            }
            if (ready != null || all.isOver()) {
                asleep = false;
                if (watching) {
                    stopWatching();
                }
                if (all.isAnyQueued()) {
                    all.wakeOne(this); // whoever brought that may have taken this one for a sleeper
                }
                return ready;
            }
            if (!watching) {
                watching = !all.isWatched() && all.othersRun(this);
                if (watching) {
                    all.setWatched(true); // and looks once more: what was brought before relied on somebody awake
                } else {
                    LockSupport.park(all);
                }
            } else if (all.othersRun(this)) {
                LockSupport.parkNanos(all, WATCH_NANOS);
            } else {
                watching = false;
                all.setWatched(false);
            }
        }
    }

    private void stopWatching() {
        all.setWatched(false);
        if (all.othersHoldNext(this)) {
            all.wakeOne(this); // to watch in its place
        }
    }
}
