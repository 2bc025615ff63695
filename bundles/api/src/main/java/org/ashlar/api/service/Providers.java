package org.ashlar.api.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The providers of one service that a holder knows at the moment, and the leases it has on them.
 * <p>
 * Life cycle: a provider arrives ({@link #add}) and may be leased. When it departs, {@link #remove} makes it invisible at
 * once and then waits, bounded, until all leases on it are back, so that nobody is inside it when its bundle stops. The
 * one preferred is that with the highest ranking and, among equals, the one that came last: the framework's own rule
 * prefers the oldest, but whoever deploys a new provider wants it used.
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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Best first. */
    private final List<Entry<T>> entries = new ArrayList<>();
    private long arrivals;

    /** @param ranking the service's {@code service.ranking}, 0 when it has none */
    public void add(T service, int ranking) {
        lock.lock();
        try {
            entries.add(new Entry<>(service, ranking, arrivals++));
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
            return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getFirst().service);
        } finally {
            lock.unlock();
        }
    }

    /** All providers, the preferred one first: for looking at, not for calling. */
    public List<T> all() {
        lock.lock();
        try {
            return entries.stream().map(e -> e.service).toList();
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
            while (entries.isEmpty() && left > 0) {
                left = waitFor(left);
            }
            if (entries.isEmpty()) {
                return Optional.empty();
            }
            Entry<T> entry = entries.getFirst();
            entry.leases++;
            return Optional.of(new Lease<>(this, entry));
        } finally {
            lock.unlock();
        }
    }

    /** A lease on this very provider; empty when it has departed. */
    public Optional<Lease<T>> lease(T service) {
        lock.lock();
        try {
            Optional<Entry<T>> entry = entries.stream().filter(e -> e.service == service).findFirst();
            entry.ifPresent(e -> e.leases++);
            return entry.map(e -> new Lease<>(this, e));
        } finally {
            lock.unlock();
        }
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
        int leases;

        Entry(T service, int ranking, long arrival) {
            this.service = service;
            this.ranking = ranking;
            this.arrival = arrival;
        }
    }
}
