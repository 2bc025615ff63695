package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * When which slot is to be looked at by the clock. A slot that has nothing due is not visited, so that a hundred thousand
 * guests that wait for mail cost the clock nothing. One entry a slot. Any thread may add; one takes.
 */
final class Agenda {
    private final TreeSet<Visit> visits = new TreeSet<>(Comparator.comparingLong(Visit::at).thenComparingLong(Visit::number));
    private long numbers;

    /** @param number tells apart visits at one time */
    record Visit(long at, long number, Slot slot) { }

    /** Has {@code slot} visited at {@code at}, on the node's clock, unless it is sooner anyway. */
    void add(Slot slot, long at) {
        if (!isSooner(at, slot.visit())) {
            return;
        }
        synchronized (this) {
            Visit before = slot.visit();
            if (isSooner(at, before)) {
                if (before != null) {
                    visits.remove(before);
                }
                Visit visit = new Visit(at, numbers++, slot);
                slot.visit(visit);
                visits.add(visit);
            }
        }
    }

    private static boolean isSooner(long at, Visit other) {
        return other == null || at < other.at();
    }

    /** The slots whose time has come; they must be added anew for another visit. */
    synchronized List<Slot> due(long now) {
        List<Slot> due = new ArrayList<>();
        while (!visits.isEmpty() && visits.first().at() <= now) {
            Slot slot = visits.pollFirst().slot();
            slot.visit(null);
            due.add(slot);
        }
        return due;
    }

    /** Slots that are to be visited. */
    synchronized int size() {
        return visits.size();
    }
}
