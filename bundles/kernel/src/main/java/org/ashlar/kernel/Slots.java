package org.ashlar.kernel;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.ashlar.api.message.ProcessId;

/** All processes that have an address on this node. */
final class Slots {
    /** Most processes at which another guest is made. */
    static final int MAX = 200_000;

    private final ConcurrentMap<ProcessId, Slot> slots = new ConcurrentHashMap<>();

    /** The slot, or null. */
    Slot get(ProcessId id) {
        return slots.get(id);
    }

    Optional<GuestSlot> guest(ProcessId id) {
        return slots.get(id) instanceof GuestSlot guest ? Optional.of(guest) : Optional.empty();
    }

    boolean isFull() {
        return slots.size() >= MAX;
    }

    /** @return false when the id is taken; then nothing changes */
    boolean add(Slot slot) {
        return slots.putIfAbsent(slot.id(), slot) == null;
    }

    boolean remove(Slot slot) {
        return slots.remove(slot.id(), slot);
    }

    Collection<Slot> all() {
        return slots.values();
    }
}
