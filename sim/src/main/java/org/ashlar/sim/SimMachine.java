package org.ashlar.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * The machine that one run of a node is on: its clock, which may be wrong and run too fast or too slow, its source of chance and its
 * threads. For what puts the kernel and the network on it.
 */
public final class SimMachine {
    /** When all simulations begin. */
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final long POLL_NANOS = 1_000_000;

    private final Loop loop;
    private final Life life;
    private final Random random;
    private final Skew skew;
    private final long bootedAt;
    private final BiConsumer<String, Throwable> failed;

    /**
     * How wrong a clock is.
     *
     * @param offsetNanos how much it is ahead
     * @param rate        how much faster it runs than time does: 1 is right
     */
    record Skew(long offsetNanos, double rate) {
        static final Skew NONE = new Skew(0, 1);
    }

    /** @param failed told of a thread that ends with what nobody caught */
    SimMachine(Loop loop, Life life, Random random, Skew skew, BiConsumer<String, Throwable> failed) {
        this.failed = failed;
        this.loop = loop;
        this.life = life;
        this.random = random;
        this.skew = skew;
        bootedAt = loop.now();
    }

    Life life() {
        return life;
    }

    Loop loop() {
        return loop;
    }

    public Random random() {
        return random;
    }

    /** Nanoseconds since it booted, as its clock has it. */
    public long nanos() {
        return (long) ((loop.now() - bootedAt) * skew.rate());
    }

    /** The time, as its clock has it. */
    public Instant now() {
        return BEGIN.plusNanos(bootedAt + nanos() + skew.offsetNanos());
    }

    private long real(long nanos) {
        return (long) Math.ceil(nanos / skew.rate());
    }

    /** Starts a thread. */
    public Thread start(String name, Runnable work) {
        return Fiber.start(loop, life, name, () -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                failed.accept(name, e);
            }
        });
    }

    /** Waits for that long by its clock, or until the calling thread is unparked. To be called by one of its threads. */
    public void park(long nanos) {
        if (nanos <= 0) {
            return;
        }
        Thread self = Thread.currentThread();
        Loop.Timer timer = loop.at(loop.now() + real(nanos), life, () -> LockSupport.unpark(self));
        LockSupport.park();
        timer.callOff();
    }

    /** Waits until {@code condition}, which {@code monitor} guards, holds, at most that long. @return whether it does */
    public boolean await(Object monitor, BooleanSupplier condition, long nanos) {
        long deadline = nanos() + nanos;
        boolean interrupted = false;
        while (nanos() < deadline && !holds(monitor, condition)) {
            interrupted |= Thread.interrupted(); // with it nothing parks
            park(POLL_NANOS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return holds(monitor, condition);
    }

    private static boolean holds(Object monitor, BooleanSupplier condition) {
        synchronized (monitor) {
            return condition.getAsBoolean();
        }
    }

    /** Threads for what must not be done on others; here they are like all. */
    public ExecutorService workers(String name) {
        return new Workers(name);
    }

    /** What those who hold {@code lock} wait for. */
    public Condition condition(ReentrantLock lock) {
        return new SimCondition(this, lock);
    }

    private final class Workers extends AbstractExecutorService {
        private final String name;
        private volatile boolean shutdown;

        private Workers(String name) {
            this.name = name;
        }

        @Override
        public void execute(Runnable work) {
            start(name, work);
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return new ArrayList<>();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }
}
