package org.ashlar.component;

import java.util.Arrays;

import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.component.binary.Limits;

/** The resource handles of an instance. The numbers that guests see are indices; 0 is never one. */
final class HandleTable {
    /** About what an entry takes of the heap, charged to the instance's budget. */
    private static final int ENTRY_BYTES = 64;
    private static final Handle[] NO_ENTRIES = {};
    private static final int[] NO_INDICES = {};

    private final MemoryBudget budget;
    private Handle[] entries = NO_ENTRIES;
    private int[] free = NO_INDICES;
    private int freeCount;
    private int end = 1;

    HandleTable(MemoryBudget budget) {
        this.budget = budget;
    }

    int add(Handle handle) {
        int index;
        if (freeCount > 0) {
            index = free[--freeCount];
        } else {
            index = end;
            if (index >= entries.length) {
                grow();
            }
            end++;
        }
        entries[index] = handle;
        return index;
    }

    private void grow() {
        int length = Math.min(Math.max(8, entries.length * 2), Limits.HANDLES + 1);
        if (end >= length) {
            throw new ComponentTrap("number of handles exceeds the limit of " + Limits.HANDLES);
        }
        if (!budget.reserve((long) (length - entries.length) * ENTRY_BYTES)) {
            throw new ComponentTrap("the memory budget leaves no room for more handles");
        }
        entries = Arrays.copyOf(entries, length);
    }

    Handle get(int index, RuntimeResource type) {
        if (index <= 0 || index >= end || entries[index] == null) {
            throw new ComponentTrap("unknown handle index " + Integer.toUnsignedString(index));
        }
        Handle handle = entries[index];
        if (handle.type != type) {
            throw new ComponentTrap("handle index " + index + " used with the wrong type, expected " + type.describe()
                    + " but found a different " + handle.type.describe());
        }
        return handle;
    }

    Handle remove(int index, RuntimeResource type) {
        Handle handle = get(index, type);
        if (handle.lends != 0) {
            throw new ComponentTrap("cannot remove owned resource while borrowed");
        }
        entries[index] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, Math.max(8, free.length * 2));
        }
        free[freeCount++] = index;
        return handle;
    }
}
