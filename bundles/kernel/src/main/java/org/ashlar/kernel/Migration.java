package org.ashlar.kernel;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.ashlar.api.process.GuestException;
import org.ashlar.kernel.Workshop.Loaded;

/**
 * Moves guests to what would run them now (another engine, another guest runtime), one after another, while what runs them is
 * still there. Nothing hurries: the component is compiled and rehearsed beforehand, once for all that run it; one that waits
 * for mail unwinds at once and the next waits until it is back, so that few are away at a time; one that is busy is marked and
 * moves when it comes to its receive. Those that end for good with their run (on-exit None) finish where they are, and so does one
 * that cannot be loaded there.
 */
final class Migration {
    /** How long the next waits for one that was asked to unwind to be back; it may have been busy after all. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** The same for one that is busy. Most come to their receive soon; were all marked at once, all would come at once. */
    private static final long BUSY_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** How long a program is rehearsed at most. */
    private static final long REHEARSAL_MILLIS = 500;

    private final Node node;
    /** Requests that were not yet worked off; while it is above zero, a thread is at it. */
    private final AtomicInteger requests = new AtomicInteger();

    Migration(Node node) {
        this.node = node;
    }

    /** Something came or went: looks at all guests, soon, on a thread of its own. */
    void request() {
        if (requests.getAndIncrement() == 0) {
            Thread.ofVirtual().name("migration").start(this::work);
        }
    }

    private void work() {
        int seen;
        do {
            seen = requests.get();
            try {
                pass();
            } catch (RuntimeException | Error e) {
                if (!node.isStopping()) {
                    node.report("guests could not be moved to what would run them now", e);
                }
            }
        } while (!requests.compareAndSet(seen, 0));
    }

    /**
     * Moves those, in their turns, of which what runs them goes; returns when all had theirs or {@code patience} is over.
     * Whoever waits for nothing but mail is away only as long as its own restart takes.
     */
    void hurry(List<GuestSlot> leaving, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        kinds(leaving).forEach((kind, guests) -> {
            Optional<Loaded> next = readyUntil(kind, guests.getFirst(), deadline);
            for (GuestSlot guest : guests) {
                long left = deadline - System.nanoTime();
                if (next.isEmpty() || left <= 0) {
                    return;
                }
                move(guest, kind, next.get(), Math.min(left, TURN_NANOS));
            }
        });
    }

    private Optional<Loaded> readyUntil(Kind kind, GuestSlot first, long deadline) {
        CompletableFuture<Loaded> loading = new CompletableFuture<>();
        Thread.ofVirtual().name("migration-load").start(() -> {
            try {
                loading.complete(ready(kind, first));
            } catch (GuestException | RuntimeException | Error e) {
                loading.completeExceptionally(e); // they find out themselves when they start
            }
        });
        try {
            return Optional.of(loading.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What runs that kind now, rehearsed: the first that moves is to be away no longer than the others. */
    private Loaded ready(Kind kind, GuestSlot first) throws GuestException {
        Loaded next = load(kind);
        FutureTask<Void> rehearsal = new FutureTask<>(() -> {
            next.program().rehearse(first.address());
            return null;
        });
        Thread.ofVirtual().name("rehearsal").start(rehearsal);
        try {
            rehearsal.get(REHEARSAL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            rehearsal.cancel(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GuestException || node.services().failed(next.runtime(), e.getCause())) {
                return load(kind);
            }
        }
        return next;
    }

    private Loaded load(Kind kind) throws GuestException {
        return node.workshop().load(kind.component, kind.engine, Duration.ZERO);
    }

    /** Those that run the same bytes, from one array, and want the same engine. */
    private record Kind(byte[] component, Optional<String> engine) { }

    private void pass() {
        kinds(node.guests().all().stream().filter(guest -> guest.isPersistent()
                && !node.isCurrent(guest.loaded(), guest.engine())).toList()).forEach(this::move);
    }

    private static Map<Kind, List<GuestSlot>> kinds(List<GuestSlot> guests) {
        return guests.stream().collect(Collectors.groupingBy(guest -> new Kind(guest.component(), guest.engine()),
                LinkedHashMap::new, Collectors.toList()));
    }

    private void move(Kind kind, List<GuestSlot> guests) {
        try {
            Loaded next = ready(kind, guests.getFirst());
            next.program().passedOver().ifPresent(why -> node.warn(shown(guests) + " on " + next.program().runtime() + "; " + why));
            for (GuestSlot guest : guests) {
                move(guest, kind, next, TURN_NANOS);
            }
        } catch (GuestException e) {
            if (e.phase() != GuestException.Phase.ABSENT) {
                node.warn(shown(guests) + " where it is: " + e.getMessage());
            }
        }
    }

    private static void move(GuestSlot guest, Kind kind, Loaded next, long turnNanos) {
        guest.moveTo(kind.component, next).ifPresent(session ->
                guest.awaitMove(session, session.isAtReceive() ? turnNanos : Math.min(turnNanos, BUSY_TURN_NANOS)));
    }

    private static String shown(List<GuestSlot> guests) {
        return guests.getFirst().id() + (guests.size() == 1 ? "" : ", and " + (guests.size() - 1) + " more of its component,")
                + " stays";
    }
}
