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
    /** The array grows to a multiple of this, in bytes. */
    private static final int GRAIN = 1024;
    /** And by at least the fourth part of itself, so that copying stays a constant share of the work. */
    private static final int GROWTH_SHIFT = 2;

    private final int initialPages;
    private final int maximumPages;
    private final MemoryBudget budget;
    private int pages;
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
        if (initialPages > this.maximumPages || !budget.reserve((long) initialPages * PAGE_SIZE)) {
            throw new WasmException("the module asks for a memory of " + initialPages
                    + " pages of 64 KiB, more than this process may have");
        }
    }

    /** Adds a view that was just made. */
    void enter(FlatMemory view) {
        if (views.length > 0) {
            view.bytes = views[0].bytes;
        }
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

    /** In bytes; at most 2 GiB less one page, because an array of Java ends there. */
    int size() {
        return pages * PAGE_SIZE;
    }

    /** {@code memory.grow}: the former number of pages, or -1. */
    int grow(int more) {
        if (more < 0 || more > maximumPages - pages || !budget.reserve((long) more * PAGE_SIZE)) {
            return -1;
        }
        int before = pages;
        pages += more;
        return before;
    }

    /** Traps unless {@code length} bytes from {@code address} on, both unsigned, lie inside. */
    void checkInside(int address, int length) {
        if (address < 0 || length < 0 || address > size() - length) {
            throw new WasmTrap(FlatMemory.OUT_OF_BOUNDS);
        }
    }

    /** Makes the array of all views long enough for a write. */
    void reach(int address, int length) {
        checkInside(address, length);
        int end = address + length;
        byte[] old = views[0].bytes;
        if (length == 0 || end <= old.length) {
            return;
        }
        long wanted = Math.max((long) end + GRAIN - 1, (long) old.length + (old.length >> GROWTH_SHIFT));
        byte[] larger = enlarge(old, (int) Math.min(wanted / GRAIN * GRAIN, size()));
        // plain stores only: a stack overflow in here would leave views that differ
        for (int i = 0; i < views.length; i++) {
            views[i].bytes = larger;
        }
    }

    private static byte[] enlarge(byte[] old, int length) {
        try {
            return Arrays.copyOf(old, length);
        } catch (OutOfMemoryError e) {
            throw new WasmTrap("out of memory: the node's heap has no room for " + length + " bytes in one piece", e);
        }
    }
}
