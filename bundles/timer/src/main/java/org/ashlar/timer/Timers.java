package org.ashlar.timer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;

/**
 * The timers that run, on one thread, bounded in number. All methods may be called on any thread and do not block.
 */
final class Timers {
    /** Most timers at a time. */
    static final int MAX = 65_536;
    /** Most timers of one sender at a time. */
    static final int MAX_PER_SENDER = 4096;
    /** A longer time counts as this one. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    /** How often timers are looked for that nobody waits for any more, as when their sender is gone. */
    private static final long SWEEP_MILLIS = 1000;

    private static final Response DUE = Response.of(new byte[0]);

    private final Clock clock;
    private final ScheduledThreadPoolExecutor scheduler =
            new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("ashlar-timer").daemon().factory());
    /** Guarded by this. */
    private final Set<Timer> running = new HashSet<>();
    private final Map<Address, Integer> perSender = new HashMap<>();
    private boolean sweeping;
    private boolean closed;

    /** How it went with a timer that was asked for. */
    enum Outcome { SET, TOO_MANY, TOO_MANY_OF_SENDER, CLOSED }

    /** One timer; compared by identity. */
    private static final class Timer {
        private final Address sender;
        private final Reply reply;
        private Future<?> due;

        Timer(Address sender, Reply reply) {
            this.sender = sender;
            this.reply = reply;
        }
    }

    Timers(Clock clock) {
        this.clock = clock;
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Answers {@code reply} when {@code millis}, an unsigned number, have passed since its Request arrived: what had passed
     * before a predecessor handed it back counts.
     */
    synchronized Outcome set(Address sender, Reply reply, long millis) {
        if (closed) {
            return Outcome.CLOSED;
        }
        if (running.size() >= MAX) {
            return Outcome.TOO_MANY;
        }
        if (perSender.getOrDefault(sender, 0) >= MAX_PER_SENDER) {
            return Outcome.TOO_MANY_OF_SENDER;
        }
        Timer timer = new Timer(sender, reply);
        running.add(timer);
        perSender.merge(sender, 1, Integer::sum);
        timer.due = scheduler.schedule(() -> fire(timer), left(reply.arrivedAt(), millis).toMillis(), TimeUnit.MILLISECONDS);
        if (!sweeping) {
            sweeping = true;
            scheduler.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        return Outcome.SET;
    }

    /** Never more than asked for, whatever has become of the clock since the Request arrived. */
    private Duration left(Instant arrivedAt, long millis) {
        Duration whole = millis < 0 || millis > LONGEST.toMillis() ? LONGEST : Duration.ofMillis(millis);
        Duration passed = Duration.between(arrivedAt, clock.instant());
        Duration left = passed.isNegative() ? whole : whole.minus(passed);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Ends timers that nobody waits for; goes on as long as there are timers. */
    private synchronized void sweep() {
        for (Timer timer : List.copyOf(running)) {
            if (!timer.reply.expected()) {
                timer.due.cancel(false);
                forget(timer);
            }
        }
        sweeping = !running.isEmpty() && !closed;
        if (sweeping) {
            scheduler.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void fire(Timer timer) {
        if (forget(timer)) {
            timer.reply.respond(DUE);
        }
    }

    private synchronized boolean forget(Timer timer) {
        boolean ran = running.remove(timer);
        if (ran) {
            perSender.computeIfPresent(timer.sender, (sender, count) -> count == 1 ? null : count - 1);
        }
        return ran;
    }

    synchronized int count() {
        return running.size();
    }

    /** How many timers each sender has. */
    synchronized Map<Address, Integer> counts() {
        return Map.copyOf(perSender);
    }

    /** Hands back every timer that has not fired; none fires afterwards. */
    void close() {
        Set<Timer> left;
        synchronized (this) {
            closed = true;
            left = Set.copyOf(running);
            running.clear();
            perSender.clear();
        }
        scheduler.shutdown(); // interrupts none that is just answering
        left.forEach(timer -> timer.reply.handBack());
    }
}
