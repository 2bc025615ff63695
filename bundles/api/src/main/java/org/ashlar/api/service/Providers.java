package org.ashlar.api.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The providers of one service that a holder knows at the moment, and the leases it has on them.
 * <p>
 * Life cycle: a provider arrives ({@link #add}) and may be leased. When it departs, {@link #remove} makes it invisible at
 * once and then waits, bounded, until all leases on it are back, so that nobody is inside it when its bundle stops. The
 * one preferred is that with the highest ranking and, among equals, the one that came last: the framework's own rule
 * prefers the oldest, but whoever deploys a new provider wants it used. One that {@linkplain Lease#failed fails} at its
 * first call, and is taken out for that, is invisible from then on.
 * <p>
 * All methods may be called on any thread. No lock is held while a provider is called.
 *
 * @param <T> the service
 */
public final class Providers<T> {
    /** How long a departing provider waits for its leases: below the component runtime's lock timeout of 5 s. */
    public static final Duration DRAIN = Duration.ofSeconds(4);
    /** How long the departure of a provider may take in all, when more than leases has to be waited for. */
    public static final Duration DEPARTURE = Duration.ofMillis(4600);
    /** How long a call waits for a provider while there is none, as during an update. */
    public static final Duration GRACE = Duration.ofSeconds(10);

    /** The bundle of a provider that is in no bundle, or that nobody is told of. */
    private static final long NO_BUNDLE = -1;

    private final ProviderWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Best first. */
    private final List<Entry<T>> entries = new ArrayList<>();
    private long arrivals;

    /** Of these nobody is told that they failed at their first call. */
    public Providers() {
        this((bundleId, why) -> false);
    }

    /** @param watch told of providers that fail at their first call */
    public Providers(ProviderWatch watch) {
        this.watch = watch;
    }

    /** @param ranking the service's {@code service.ranking}, 0 when it has none */
    public void add(T service, int ranking) {
        add(service, ranking, NO_BUNDLE);
    }

    /** @param properties of the service: its ranking and its bundle are taken from them */
    public void add(T service, Map<String, ?> properties) {
        add(service, properties.get("service.ranking") instanceof Integer ranking ? ranking : 0, properties);
    }

    /** @param ranking instead of the one that the service's properties have */
    public void add(T service, int ranking, Map<String, ?> properties) {
        add(service, ranking, properties.get("service.bundleid") instanceof Long bundle ? bundle : NO_BUNDLE);
    }

    private void add(T service, int ranking, long bundle) {
        lock.lock();
        try {
            entries.add(new Entry<>(service, ranking, arrivals++, bundle));
            entries.sort(Comparator.<Entry<T>>comparingInt(e -> e.ranking).thenComparingLong(e -> e.arrival).reversed());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets {@code service} and waits until the leases on it are back, at most {@link #DRAIN}.
     *
     * @return false when some lease was still out at the end of that time
     */
    public boolean remove(T service) {
        return hide(service).await(DRAIN);
    }

    /** Forgets {@code service}, without waiting: for whoever has more to do before it may go. */
    public Departure hide(T service) {
        lock.lock();
        try {
            Optional<Entry<T>> departing = entries.stream().filter(e -> e.service == service).findFirst();
            departing.ifPresent(entries::remove);
            return patience -> departing.isEmpty() || awaitLeases(departing.get(), patience);
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitLeases(Entry<T> departing, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (departing.leases > 0 && left > 0) {
                left = waitFor(left);
            }
            return departing.leases == 0;
        } finally {
            lock.unlock();
        }
    }

    /** The preferred provider, without a lease: for looking at, not for calling. */
    public Optional<T> preferred() {
        lock.lock();
        try {
            return first().map(e -> e.service);
        } finally {
            lock.unlock();
        }
    }

    /** All providers, the preferred one first: for looking at, not for calling. */
    public List<T> all() {
        lock.lock();
        try {
            return entries.stream().filter(e -> !e.failed).map(e -> e.service).toList();
        } finally {
            lock.unlock();
        }
    }

    /** A lease on the preferred provider, if there is one now. */
    public Optional<Lease<T>> lease() {
        return lease(Duration.ZERO);
    }

    /** A lease on the preferred provider; when there is none, waits up to {@code patience} for one to come. */
    public Optional<Lease<T>> lease(Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (first().isEmpty() && left > 0) {
                left = waitFor(left);
            }
            return first().map(this::leased);
        } finally {
            lock.unlock();
        }
    }

    /** A lease on this very provider; empty when it has departed. */
    public Optional<Lease<T>> lease(T service) {
        lock.lock();
        try {
            return entries.stream().filter(e -> e.service == service && !e.failed).findFirst().map(this::leased);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks the preferred provider, on the calling thread; waits up to {@code patience} for one to come. When it is taken out
     * because it failed at its first call, the next one is asked: for what can be done again without harm.
     *
     * @param question what it throws that is not checked counts as a failure
     * @param none     what is thrown when no provider comes
     */
    public <R, E extends Exception, N extends Exception> R ask(Duration patience, Question<T, R, E> question,
            Supplier<N> none) throws E, N {
        while (true) {
            try (Lease<T> lease = lease(patience).orElseThrow(none)) {
                try {
                    R answer = question.of(lease.service());
                    lease.works();
                    return answer;
                } catch (RuntimeException | Error e) {
                    if (!lease.failed(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    private Optional<Entry<T>> first() {
        for (Entry<T> entry : entries) {
            if (!entry.failed) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private Lease<T> leased(Entry<T> entry) {
        entry.leases++;
        return new Lease<>(this, entry);
    }

    private boolean failed(Entry<T> entry, Throwable why) {
        boolean first = !entry.works && entry.bundle != NO_BUNDLE && !(why instanceof VirtualMachineError);
        boolean takenOut = first && watch.failedAtFirstCall(entry.bundle, why);
        entry.failed |= takenOut;
        return takenOut;
    }

    private long waitFor(long nanos) {
        try {
            return changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void giveBack(Entry<T> entry) {
        lock.lock();
        try {
            entry.leases--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A provider that nobody gets a lease on any more. */
    @FunctionalInterface
    public interface Departure {
        /** Waits until the leases on it are back, at most {@code patience}. @return false when some lease is still out */
        boolean await(Duration patience);
    }

    /** What {@link #ask} asks of a provider. */
    @FunctionalInterface
    public interface Question<T, R, E extends Exception> {
        R of(T service) throws E;
    }

    /** The right to call a provider until it is closed; closing it again does nothing. Any thread may close it. */
    public static final class Lease<T> implements AutoCloseable {
        private final Providers<T> providers;
        private final Entry<T> entry;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Lease(Providers<T> providers, Entry<T> entry) {
            this.providers = providers;
            this.entry = entry;
        }

        public T service() {
            return entry.service;
        }

        /** A call of the provider went as its contract says, also when that is an error. */
        public void works() {
            if (!entry.works) {
                entry.works = true;
            }
        }

        /**
         * A call of the provider threw what its contract does not allow. Nothing comes of it when an earlier call went well,
         * or when the machine had no memory or stack left; else the {@link ProviderWatch} is told.
         *
         * @return whether the provider is taken out for it: nobody gets a lease on it any more, and what was asked of it may
         *         be asked of the next, which may take a moment to come
         */
        public boolean failed(Throwable why) {
            return providers.failed(entry, why);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                providers.giveBack(entry);
            }
        }
    }

    private static final class Entry<T> {
        final T service;
        final int ranking;
        final long arrival;
        final long bundle;
        int leases;
        volatile boolean works;
        volatile boolean failed;

        Entry(T service, int ranking, long arrival, long bundle) {
            this.service = service;
            this.ranking = ranking;
            this.arrival = arrival;
            this.bundle = bundle;
        }
    }
}
