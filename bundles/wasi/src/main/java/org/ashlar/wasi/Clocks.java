package org.ashlar.wasi;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.ashlar.api.process.GuestTrap;

/** The two clocks of an instance, and waiting by them. */
final class Clocks {
    /** Nanoseconds between two readings of the wall clock that differ: what the JDK promises on common systems. */
    static final long WALL_RESOLUTION = 1000;

    private final InstantSource wall;
    private final LongSupplier monotonic;
    private final Parker parker;

    Clocks(InstantSource wall, LongSupplier monotonic, Parker parker) {
        this.wall = wall;
        this.monotonic = monotonic;
        this.parker = parker;
    }

    Instant wall() {
        return wall.instant();
    }

    /** Nanoseconds. */
    long monotonic() {
        return monotonic.getAsLong();
    }

    boolean ready(Pollable pollable) {
        return pollable.deadline() <= monotonic();
    }

    /** Waits until at least one is ready; the indices of those that are. */
    List<Integer> poll(List<Pollable> pollables) {
        if (pollables.isEmpty() || pollables.size() > Limits.POLL) {
            throw new GuestTrap("poll of " + pollables.size() + " pollables: it takes 1 to " + Limits.POLL);
        }
        long earliest = pollables.stream().mapToLong(Pollable::deadline).min().orElseThrow();
        long now = monotonic();
        while (earliest > now) {
            parker.park(earliest - now);
            now = monotonic();
        }
        List<Integer> ready = new ArrayList<>();
        for (int i = 0; i < pollables.size(); i++) {
            if (pollables.get(i).deadline() <= now) {
                ready.add(i);
            }
        }
        return ready;
    }
}
