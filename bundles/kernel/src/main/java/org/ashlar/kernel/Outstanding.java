package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.message.SendError;

/**
 * The Requests of one process that have no answer yet. Several may share an id, as inheriting Requests do.
 * <p>
 * There is no timer for each: {@link #expire} looks when the earliest deadline has passed.
 */
final class Outstanding {
    /** Most Requests that one process may have without an answer. */
    static final int MAX = 16_384;
    private static final int INITIAL = 4;

    private final Set<Exchange> open = ConcurrentHashMap.newKeySet(INITIAL);
    /** Never later than the earliest deadline in {@link #open}; {@code Long.MAX_VALUE} when surely empty. */
    private final AtomicLong earliest = new AtomicLong(Long.MAX_VALUE);

    /** Never later than the earliest deadline; {@code Long.MAX_VALUE} when surely empty. */
    long earliest() {
        return earliest.get();
    }

    int size() {
        return open.size();
    }

    /** @return false at the limit */
    boolean add(Exchange exchange) {
        if (open.size() >= MAX) {
            return false;
        }
        open.add(exchange);
        long deadline = exchange.deadline();
        if (deadline < earliest.get()) {
            earliest.accumulateAndGet(deadline, Math::min);
        }
        return true;
    }

    void remove(Exchange exchange) {
        open.remove(exchange);
    }

    /** Fails those whose deadline has passed. */
    void expire(long now) {
        if (earliest.get() > now) {
            return;
        }
        earliest.set(Long.MAX_VALUE);
        List<Exchange> due = new ArrayList<>();
        long next = Long.MAX_VALUE;
        for (Exchange exchange : open) {
            if (exchange.deadline() <= now) {
                due.add(exchange);
            } else {
                next = Math.min(next, exchange.deadline());
            }
        }
        earliest.accumulateAndGet(next, Math::min);
        // Last, because it runs code of whoever waits.
        due.forEach(exchange -> exchange.fail(SendError.Kind.TIMEOUT));
    }

    /** Nothing will be answered any more. */
    void failAll() {
        open.forEach(exchange -> exchange.fail(SendError.Kind.TIMEOUT));
    }

    /** Nobody waits any more. */
    void abandonAll() {
        open.forEach(Exchange::abandon);
        open.clear();
    }
}
