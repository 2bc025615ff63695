package org.ashlar.wasm;

import java.util.Arrays;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmTrap;

/** What the views of one linear memory share: its size, its limits and the rule by which its array grows. */
public final class LinearMemory {
    private static final int PAGE_SIZE = 65536;
    /** 64 KiB less than 2 GiB: an array of Java ends there. */
    private static final int MOST_PAGES = 32767;
    /** The array begins and ends at multiples of this, in bytes. */
    static final int GRAIN = 1024;
    /** A value that lies so far from the array, in bytes, does not make it longer. */
    private static final int FAR = 16 * GRAIN;
    /** It grows by at least the fourth part of itself, so that copying stays a constant share of the work. */
    private static final int GROWTH_SHIFT = 2;
    private static final int NOWHERE = Long.BYTES;

    private final int initialPages;
    private final int maximumPages;
    private final MemoryBudget budget;
    private int pages;
    /** In bytes; at most 2 GiB less one page, because an array of Java ends there. */
    int size;
    private byte[] bytes;
    private int base;
    /** What was written far from the array; null while nothing is. */
    private Outpost outpost;
    private FlatMemory[] views = {};

    /**
     * @param maximumPages what the module declares; more than an array can hold counts as that
     * @throws WasmException when the budget refuses the initial size
     */
    public LinearMemory(int initialPages, int maximumPages, MemoryBudget budget) {
        this.initialPages = initialPages;
        this.maximumPages = Math.min(maximumPages, MOST_PAGES);
        this.budget = budget;
        this.pages = initialPages;
        this.size = initialPages * PAGE_SIZE;
        if (initialPages > this.maximumPages || !budget.promise((long) initialPages * PAGE_SIZE) || !budget.take(GRAIN)) {
            throw new WasmException("the module asks for a memory of " + initialPages
                    + " pages of 64 KiB, more than this process may have");
        }
        // Without pages there is nothing to begin with: the array lies where no memory is.
        bytes = new byte[initialPages == 0 ? NOWHERE : GRAIN];
        base = initialPages == 0 ? -NOWHERE : 0;
    }

    /** Adds a view that was just made. */
    void enter(FlatMemory view) {
        view.bytes = bytes;
        view.base = base;
        views = Arrays.copyOf(views, views.length + 1);
        views[views.length - 1] = view;
    }

    int pages() {
        return pages;
    }

    int initialPages() {
        return initialPages;
    }

    int maximumPages() {
        return maximumPages;
    }

    /** {@code memory.grow}: the former number of pages, or -1. */
    int grow(int more) {
        if (more < 0 || more > maximumPages - pages || !budget.promise((long) more * PAGE_SIZE)) {
            return -1;
        }
        int before = pages;
        pages += more;
        size = pages * PAGE_SIZE;
        return before;
    }

    /** Traps unless {@code length} bytes from {@code address} on, both unsigned, lie inside. */
    void checkInside(int address, int length) {
        if (address < 0 || length < 0 || address > size - length) {
            throw new WasmTrap(FlatMemory.OUT_OF_BOUNDS);
        }
    }

    /**
     * Makes the array of all views reach over a range that is written.
     *
     * @return the index of {@code address} in it; without meaning when the range is empty
     */
    int reach(int address, int length) {
        checkInside(address, length);
        int end = address + length;
        if (length == 0 || address >= base && end <= base + bytes.length) {
            return address - base;
        }
        byte[] old = isBlank() ? new byte[0] : bytes;
        int start = old.length == 0 ? address / GRAIN * GRAIN : base;
        int least = old.length >> GROWTH_SHIFT;
        int from = address >= start ? start : Math.max(0, Math.min(address, start - least)) / GRAIN * GRAIN;
        long before = (long) start + old.length;
        long wanted = end <= before ? before : (Math.max(end, before + least) + GRAIN - 1) / GRAIN * GRAIN;
        int reached = (int) (Math.min(wanted, size) - from);
        boolean joined = outpost != null && outpost.liesIn(from, from + reached);
        take(Math.max(0, reached - bytes.length - (joined ? GRAIN : 0)));
        byte[] larger = enlarge(old, start - from, reached);
        if (joined) {
            System.arraycopy(outpost.bytes, 0, larger, outpost.address - from, GRAIN);
        }
        bytes = larger;
        base = from;
        // plain stores only: a stack overflow in here would leave views that differ
        for (int i = 0; i < views.length; i++) {
            views[i].bytes = bytes;
            views[i].base = base;
        }
        outpost = joined ? null : outpost;
        return address - base;
    }

    private void take(int more) {
        if (!budget.take(more)) {
            throw new WasmTrap("out of memory: the guests of this node have all that they may have together");
        }
    }

    /**
     * Writes a value that lies inside, but outside of the array, if the array need not reach over it for that. Allocators write
     * one number at the end of the memory when they begin: what lies before it is not to take room for that.
     */
    boolean writeFar(int address, long value, int length) {
        if (outpost == null && isFar(address, length) && address / GRAIN == (address + length - 1) / GRAIN) {
            take(GRAIN);
            outpost = new Outpost(address / GRAIN * GRAIN);
        }
        return outpost != null && outpost.write(address, value, length);
    }

    private boolean isFar(int address, int length) {
        return (address - FAR >= base + bytes.length || address + length + FAR <= base) && !isBlank();
    }

    /** The byte at an address outside of the array. */
    int readFar(int address) {
        return outpost == null ? 0 : outpost.read(address);
    }

    /** Copies what a range has outside of the array. @param target has zeros there; of the range's length */
    void readFar(int address, byte[] target) {
        if (outpost != null) {
            outpost.read(address, target);
        }
    }

    /** Writes zeros where a range lies outside of the array. */
    void clearFar(int from, int to) {
        if (outpost != null) {
            outpost.clear(from, to);
        }
    }

    /** Makes the array reach over all that was written within a range. */
    void gather(int address, int length) {
        if (outpost != null && outpost.meets(address, address + length)) {
            reach(outpost.address, GRAIN);
        }
    }

    /** Whether nothing was written yet, or as good as nothing: then the array need not begin where it does. */
    private boolean isBlank() {
        if (bytes.length > GRAIN) {
            return false;
        }
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] enlarge(byte[] old, int before, int length) {
        try {
            if (before == 0) {
                return Arrays.copyOf(old, length);
            }
            byte[] larger = new byte[length];
            System.arraycopy(old, 0, larger, before, old.length);
            return larger;
        } catch (OutOfMemoryError e) {
            throw new WasmTrap("out of memory: the node's heap has no room for " + length + " bytes in one piece", e);
        }
    }
}
