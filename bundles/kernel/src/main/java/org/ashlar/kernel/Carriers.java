package org.ashlar.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scheduler of virtual threads for processes that talk: as many {@linkplain Carrier platform threads} as there are
 * processors, which carry all guests.
 * <p>
 * The JDK's own scheduler wakes an idle processor for each message, by a system call, and the two then race for the process
 * that was woken. Here that process runs next on the processor that its waker is on, as soon as the waker waits.
 * <p>
 * What it needs of the JDK is not public: a virtual thread with a scheduler of one's own, and the carrier of the current
 * thread. The option {@code --add-opens=java.base/java.lang=ALL-UNNAMED} opens both; without it, or on a JDK that has them no
 * longer, {@link #open} gives nothing and guests run on the JDK's scheduler. Nothing that is run here may block its carrier
 * for long: unlike the JDK, it adds none.
 */
final class Carriers implements GuestThreads, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Carriers.class);
    private static final Optional<Internals> INTERNALS = Internals.find();
    private static final MethodHandle CURRENT = INTERNALS.map(Internals::currentCarrier).orElse(null);
    private static final MethodHandle MAKE = INTERNALS.map(Internals::make).orElse(null);

    private final Executor scheduler = this::schedule;
    /** What was made ready by a thread that no carrier of these runs: by a timer, a system process, a starting guest. */
    private final Queue<Runnable> shared = new ConcurrentLinkedQueue<>();
    private final Carrier[] carriers;
    private final AtomicInteger alive = new AtomicInteger();
    /** Whether some carrier that has nothing to do looks after what waits behind the work of others. */
    private volatile boolean watched;
    private volatile boolean closed;

    private Carriers(int count) {
        carriers = new Carrier[count];
        for (int i = 0; i < count; i++) {
            carriers[i] = new Carrier(this, i, count);
        }
        for (Carrier each : carriers) {
            each.start();
        }
    }

    /** @return empty when this JVM does not allow it */
    static Optional<Carriers> open(int count) {
        return INTERNALS.map(found -> new Carriers(count));
    }

    @Override
    public Thread start(String name, Runnable work) {
        Thread thread = make(name, () -> {
            try {
                work.run();
            } finally {
                ended();
            }
        });
        alive.incrementAndGet();
        thread.start();
        return thread;
    }

    /** Runs what a guest brings next to it, so that no other processor is woken for it, and what others bring where {@code otherwise} does. */
    Executor besideGuests(Executor otherwise) {
        return work -> {
            if (current() == null) {
                otherwise.execute(work);
            } else {
                start("call", work);
            }
        };
    }

    private Thread make(String name, Runnable work) {
        try {
            return (Thread) MAKE.invokeExact(scheduler, name, 0, work);
        } catch (Throwable e) {
            throw new AssertionError("making a virtual thread throws nothing", e);
        }
    }

    @Override
    public void giveWay() {
        Carrier here = current();
        if (here == null || here.holdsNext() || here.hasQueued() || !shared.isEmpty()) {
            Thread.yield();
        }
    }

    private void ended() {
        if (alive.decrementAndGet() == 0 && closed) {
            wakeAll();
        }
    }

    /** Lets the carriers end, when the last thread that was started here has. */
    @Override
    public void close() {
        closed = true;
        wakeAll();
    }

    private void wakeAll() {
        for (Carrier each : carriers) {
            each.wake();
        }
    }

    boolean isOver() {
        return closed && alive.get() == 0;
    }

    /** Called by the JDK with a virtual thread that is ready to go on, by the thread that made it ready. */
    private void schedule(Runnable ready) {
        Carrier here = current();
        if (here == null) {
            shared.add(ready);
            wakeOne(null);
        } else if (Thread.currentThread() == here) { // it runs no virtual thread: the one it ran has just given way
            here.enqueue(ready);
        } else {
            here.runNext(ready);
        }
    }

    /** The carrier of the current thread, if it is one of these. */
    private Carrier current() {
        try {
            return (Thread) CURRENT.invokeExact() instanceof Carrier carrier && carrier.belongsTo(this) ? carrier : null;
        } catch (Throwable e) {
            throw new AssertionError("asking for the carrier throws nothing", e);
        }
    }

    Runnable pollShared() {
        return shared.poll();
    }

    /** Whether something is ready that no carrier has taken yet; what one is to run next aside. */
    boolean isAnyQueued() {
        boolean any = !shared.isEmpty();
        for (Carrier each : carriers) {
            any |= each.hasQueued();
        }
        return any;
    }

    /** @param thief is not stolen from */
    Runnable steal(Carrier thief) {
        for (Carrier each : carriers) {
            Runnable ready = each == thief ? null : each.pollQueue();
            if (ready != null) {
                return ready;
            }
        }
        return null;
    }

    /** Takes what has been waiting behind one piece of work since {@code seen} was last written. */
    Runnable takeLate(Carrier watcher, int[] seen) {
        for (int i = 0; i < carriers.length; i++) {
            int runs = carriers[i].runs();
            boolean since = seen[i] == runs;
            seen[i] = runs;
            Runnable late = since && carriers[i] != watcher ? carriers[i].takeNext() : null;
            if (late != null) {
                return late;
            }
        }
        return null;
    }

    boolean isWatched() {
        return watched;
    }

    void setWatched(boolean now) {
        watched = now;
    }

    /** Wakes a carrier that sleeps, other than {@code except}, if there is one. */
    void wakeOne(Carrier except) {
        for (Carrier each : carriers) {
            if (each != except && each.isAsleep()) {
                each.wake();
                return;
            }
        }
    }

    boolean othersRun(Carrier than) {
        for (Carrier each : carriers) {
            if (each != than && !each.isAsleep()) {
                return true;
            }
        }
        return false;
    }

    boolean othersHoldNext(Carrier than) {
        for (Carrier each : carriers) {
            if (each != than && each.holdsNext()) {
                return true;
            }
        }
        return false;
    }

    /** A carrier has no business to end: what the JDK gives it to run throws nothing. */
    static void report(Throwable e) {
        LOG.error("a virtual thread ended badly", e);
    }

    /**
     * @param currentCarrier {@code Thread.currentCarrierThread()}
     * @param make           {@code ThreadBuilders.newVirtualThread(Executor, String, int, Runnable)}
     */
    private record Internals(MethodHandle currentCarrier, MethodHandle make) {
        static Optional<Internals> find() {
            try {
                Lookup threads = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
                Class<?> builders = threads.findClass("java.lang.ThreadBuilders");
                return Optional.of(new Internals(
                        threads.findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class)),
                        threads.findStatic(builders, "newVirtualThread", MethodType.methodType(Thread.class, Executor.class,
                                String.class, int.class, Runnable.class))));
            } catch (ReflectiveOperationException e) {
                LOG.info("guests run on the JDK's scheduler of virtual threads, where they talk more slowly: {}; start Java with"
                        + " --add-opens=java.base/java.lang=ALL-UNNAMED", e.toString());
                return Optional.empty();
            }
        }
    }
}
