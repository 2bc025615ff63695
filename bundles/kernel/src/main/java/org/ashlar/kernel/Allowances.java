package org.ashlar.kernel;

import org.ashlar.api.message.ProcessId;

/**
 * Whom a process was lately found to be allowed to message: most speak to few, and asking the table of capabilities each
 * time costs more than the rest of the way. Nothing that was found counts once a capability of anybody was taken away.
 * Any thread may call.
 */
final class Allowances {
    /** How many are remembered; a power of two. */
    private static final int REMEMBERED = 4;

    /** Racing writes lose at most what was found. */
    private volatile Found[] found = {};

    /** Compared by identity: a slot has one id object for its life. */
    private record Found(ProcessId target, long revision) { }

    /** @param revision of the table of capabilities */
    boolean has(Slot target, long revision) {
        Found[] all = found;
        if (all.length == 0) {
            return false;
        }
        Found known = all[place(target)];
        return known != null && known.target() == target.id() && known.revision() == revision;
    }

    /** @param revision of the table of capabilities, read before it was asked */
    void remember(Slot target, long revision) {
        Found[] all = found;
        if (all.length == 0) {
            all = new Found[REMEMBERED];
            found = all;
        }
        all[place(target)] = new Found(target.id(), revision);
    }

    private static int place(Slot target) {
        return target.id().hashCode() & REMEMBERED - 1;
    }
}
