package org.ashlar.component;

import java.util.ArrayList;
import java.util.List;

/** A call between an instance and another, or the host: whose handles it has borrowed. */
final class Call {
    private static final long[] NONE = {};

    private List<Handle> lenders = List.of();
    /** Borrowed handles that the callee still holds. */
    int borrows;
    /** The core results of the callee, for its {@code post-return}. */
    long[] coreResults = NONE;

    /** A handle of the caller cannot be given away until the call is over. */
    void lend(Handle handle) {
        if (lenders.isEmpty()) {
            lenders = new ArrayList<>(2);
        }
        handle.lends++;
        lenders.add(handle);
    }

    void checkReturned() {
        if (borrows != 0) {
            throw new ComponentTrap("borrow handles still remain at the end of the call");
        }
    }

    void releaseLenders() {
        for (int i = 0; i < lenders.size(); i++) {
            lenders.get(i).lends--;
        }
    }

    /** Whether nothing points to it or is left in it, so that it can be used for another call. */
    boolean isBlank() {
        return lenders.isEmpty() && borrows == 0 && coreResults == NONE;
    }
}
