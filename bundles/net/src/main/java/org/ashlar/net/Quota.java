package org.ashlar.net;

/** How many bytes may go through a router to one node within {@link Limits#ROUTED_TIME}, both ways. Any thread may call. */
final class Quota {
    private final Machine machine;
    private long since;
    private long used;

    Quota(Machine machine) {
        this.machine = machine;
        since = machine.nanos();
    }

    /** @return false when they are used up */
    synchronized boolean take(long bytes) {
        if (isUsedUp()) {
            return false;
        }
        used += bytes;
        return true;
    }

    synchronized boolean isUsedUp() {
        if (machine.nanos() - since > Limits.ROUTED_TIME.toNanos()) {
            since = machine.nanos();
            used = 0;
        }
        return used >= Limits.ROUTED_BYTES;
    }
}
