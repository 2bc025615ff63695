package org.ashlar.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs everything there is, one piece after another, on the thread that calls it: of what is ready, chance decides what comes
 * next; when nothing is, time jumps to the next thing that is due. Nothing else in a simulation waits or knows the time.
 */
final class Loop {
    /** How much time one piece of work takes. */
    private static final long STEP_NANOS = 1_000;
    /** How long, on the real clock, a piece may be held up; longer, and what holds it up must be of this simulation. */
    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final long GLANCE_NANOS = 10_000;

    private final Random chance;
    private final List<Ready> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    /** What a thread outside made ready: the JDK's own, after two simulations wanted one lock. */
    private final Queue<Ready> strays = new ConcurrentLinkedQueue<>();
    private final Thread owner = Thread.currentThread();
    private long now;
    private long steps;
    private long timersMade;

    /** @param fiber whose piece it is, or null: it is none's, or not known */
    record Ready(Life life, Runnable work, Fiber fiber) { }

    Loop(Random chance) {
        this.chance = chance;
    }

    /** Nanoseconds since the simulation began. */
    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    void ready(Ready piece) {
        if (carrier() == owner) {
            queue(piece);
        } else {
            strays.add(piece);
        }
    }

    private void queue(Ready piece) {
        ready.add(piece);
        if (piece.fiber != null) {
            piece.fiber.queued(true);
        }
    }

    private Thread carrier() {
        // A virtual thread here is one of ours, and those the owner carries.
        return Thread.currentThread().isVirtual() ? owner : Thread.currentThread();
    }

    /** Does {@code work}, which must not wait, at {@code at}. */
    Timer at(long at, Life life, Runnable work) {
        Timer timer = new Timer(Math.max(at, now), timersMade++, life, work);
        timers.add(timer);
        return timer;
    }

    /** One piece of work. @return false when there is nothing to do until {@code until}; then it is that time */
    boolean step(long until) {
        for (Ready stray = strays.poll(); stray != null; stray = strays.poll()) {
            queue(stray);
        }
        while (!timers.isEmpty() && (timers.peek().isOver() || timers.peek().at <= now)) {
            fire(timers.poll());
        }
        if (ready.isEmpty()) {
            long next = timers.isEmpty() ? Long.MAX_VALUE : timers.peek().at;
            now = Math.max(now, Math.min(next, until));
            return next <= until;
        }
        Ready chosen = take(chance.nextInt(ready.size()));
        if (!chosen.life.isOver()) {
            steps++;
            now += STEP_NANOS;
            run(chosen);
        }
        return now < until;
    }

    /**
     * Runs a piece to its end, also when it is held up within: the locks that simulations share, such as those of the JDK's own
     * tables, are not part of what is simulated, and time must not pass meanwhile.
     */
    private void run(Ready piece) {
        piece.work.run();
        if (piece.fiber == null || !piece.fiber.isHeldUp()) {
            return;
        }
        long patience = System.nanoTime() + PATIENCE_NANOS;
        while (piece.fiber.isHeldUp() && System.nanoTime() < patience) {
            Ready stray = strays.poll();
            if (stray == null) {
                LockSupport.parkNanos(GLANCE_NANOS);
            } else if (stray.work == piece.work) {
                piece.work.run();
            } else {
                queue(stray);
            }
        }
    }

    private static void fire(Timer timer) {
        if (!timer.isOver()) {
            timer.work.run();
        }
    }

    private Ready take(int index) {
        Ready last = ready.removeLast();
        Ready taken = index == ready.size() ? last : ready.set(index, last);
        if (taken.fiber != null) {
            taken.fiber.queued(false);
        }
        return taken;
    }

    /** Something that is due at a time, unless it is called off. */
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final long number;
        private final Life life;
        private final Runnable work;
        private boolean off;

        private Timer(long at, long number, Life life, Runnable work) {
            this.at = at;
            this.number = number;
            this.life = life;
            this.work = work;
        }

        void callOff() {
            off = true;
        }

        private boolean isOver() {
            return off || life.isOver();
        }

        @Override
        public int compareTo(Timer other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }
}
