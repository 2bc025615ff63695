package org.ashlar.guest;

import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.wasm.MemoryBudget;

/**
 * The heap that all guests of this node may have together as memory, tables and objects: what is really taken, not what
 * may be. Any thread may call.
 */
final class NodeMemory {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** @param limit in bytes */
    NodeMemory(long limit) {
        this.limit = limit;
    }

    private boolean take(long bytes) {
        long before = taken.get();
        while (bytes <= limit - before) {
            if (taken.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = taken.get();
        }
        return false;
    }

    /** In bytes. */
    long limit() {
        return limit;
    }

    /** Bytes that guests have now. */
    long taken() {
        return taken.get();
    }

    /**
     * The budget of one run, within what is left for all.
     *
     * @param most what it may have itself, in bytes
     * @param full told once, when something is refused because the node has no more
     */
    ProcessMemory forRun(long most, Runnable full) {
        return new ProcessMemory(this, most, full);
    }

    /** Of one run; for its thread. Closing it gives all back. */
    static final class ProcessMemory implements MemoryBudget, AutoCloseable {
        private final NodeMemory node;
        private final long most;
        private final Runnable full;
        private long granted;
        private long held;
        private boolean told;

        private ProcessMemory(NodeMemory node, long most, Runnable full) {
            this.node = node;
            this.most = most;
            this.full = full;
        }

        @Override
        public boolean reserve(long bytes) {
            if (bytes > most - granted || !take(bytes)) {
                return false;
            }
            granted += bytes;
            return true;
        }

        /** A promise that the node could not keep now is not given. */
        @Override
        public boolean promise(long bytes) {
            if (bytes > most - granted) {
                return false;
            }
            if (bytes > node.limit - node.taken.get()) {
                return refuse();
            }
            granted += bytes;
            return true;
        }

        @Override
        public boolean take(long bytes) {
            if (!node.take(bytes)) {
                return refuse();
            }
            held += bytes;
            return true;
        }

        private boolean refuse() {
            if (!told) {
                told = true;
                full.run();
            }
            return false;
        }

        @Override
        public void close() {
            node.taken.addAndGet(-held);
            held = 0;
        }
    }
}
