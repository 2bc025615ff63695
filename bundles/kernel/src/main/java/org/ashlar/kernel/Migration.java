package org.ashlar.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.process.GuestException;
import org.ashlar.kernel.Workshop.Loaded;

/**
 * Moves guests to what would run them now (another engine, another guest runtime), one after another, while what runs them is
 * still there. Nothing hurries: the component is compiled beforehand, once for all that run it; one that waits for mail
 * unwinds at once and the next waits until it is back, so that few are away at a time; one that is busy is marked and moves
 * when it comes to its receive. Those that end for good with their run (on-exit None) finish where they are, and so does one
 * that cannot be loaded there.
 */
final class Migration {
    /** How long the next waits for one that was asked to unwind to be back; it may have been busy after all. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

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

    /** Those that run the same bytes, from one array, and want the same engine. */
    private record Kind(byte[] component, Optional<String> engine) { }

    private void pass() {
        Map<Kind, List<GuestSlot>> moving = new LinkedHashMap<>();
        for (GuestSlot guest : node.guests().all()) {
            Kind kind = new Kind(guest.component(), Optional.empty());
            if (guest.isPersistent() && !node.isCurrent(guest.loaded(), kind.engine)) {
                moving.computeIfAbsent(kind, each -> new ArrayList<>()).add(guest);
            }
        }
        moving.forEach(this::move);
    }

    private void move(Kind kind, List<GuestSlot> guests) {
        try {
            Loaded next = node.workshop().load(kind.component, kind.engine, Duration.ZERO);
            next.program().passedOver().ifPresent(why -> node.warn(shown(guests) + " on " + next.program().runtime() + "; " + why));
            for (GuestSlot guest : guests) {
                guest.moveTo(kind.component, next).filter(GuestSession::isAtReceive)
                        .ifPresent(session -> guest.awaitMove(session, TURN_NANOS));
            }
        } catch (GuestException e) {
            if (e.phase() != GuestException.Phase.ABSENT) {
                node.warn(shown(guests) + " where it is: " + e.getMessage());
            }
        }
    }

    private static String shown(List<GuestSlot> guests) {
        return guests.getFirst().id() + (guests.size() == 1 ? "" : ", and " + (guests.size() - 1) + " more of its component,")
                + " stays";
    }
}
