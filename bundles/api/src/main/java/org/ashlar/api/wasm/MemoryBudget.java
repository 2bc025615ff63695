package org.ashlar.api.wasm;

/** Caps what the instances of one process may hold. */
@FunctionalInterface
public interface MemoryBudget {
    /**
     * Asked before {@code bytes} more are taken, by a memory or a table. Called on the instance's thread.
     *
     * @return false: the growth fails, which the guest sees as {@code memory.grow} giving -1
     */
    boolean reserve(long bytes);

    /** A budget of {@code limit} bytes in all; what is taken is never given back before the process ends. */
    static MemoryBudget of(long limit) {
        return new MemoryBudget() {
            private long taken;

            @Override
            public boolean reserve(long bytes) {
                if (bytes > limit - taken) {
                    return false;
                }
                taken += bytes;
                return true;
            }
        };
    }
}
