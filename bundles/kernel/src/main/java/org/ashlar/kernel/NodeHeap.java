package org.ashlar.kernel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that all processes may have together in the hands of the kernel: mail, what is kept for open Requests, blobs at hand, state
 * on its way to the store. What each has is counted where it lies, and here in steps, of which each place has the first for
 * nothing: so most messages cost nothing to count, and what never fills a step weighs little beside the process itself. Any
 * thread may call.
 */
final class NodeHeap {
    /** Of the Java heap. */
    private static final int SHARE = 4;
    /** 16 KiB. */
    private static final int STEP_SHIFT = 14;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /** @param most in bytes; a single larger thing has room when nothing else is counted */
    NodeHeap(long most) {
        this.most = most;
    }

    static NodeHeap ofThisJvm() {
        return new NodeHeap(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /**
     * The count of one place has gone from {@code before} to {@code after}, in bytes; that is so whatever this says.
     *
     * @return whether there is room for what came
     */
    boolean moved(long before, long after) {
        long more = more(before, after);
        if (more == 0) {
            return true;
        }
        long now = taken.addAndGet(more);
        return more < 0 || now <= most || now == more;
    }

    /** Whether the count of one place could go from {@code before} to {@code after} now. */
    boolean hasRoom(long before, long after) {
        long more = more(before, after);
        long now = taken.get();
        return more <= 0 || now == 0 || more <= most - now;
    }

    private static long more(long before, long after) {
        return (after >> STEP_SHIFT) - (before >> STEP_SHIFT) << STEP_SHIFT;
    }

    /** In bytes. */
    long most() {
        return most;
    }

    /** Bytes that are counted now. */
    long taken() {
        return taken.get();
    }
}
