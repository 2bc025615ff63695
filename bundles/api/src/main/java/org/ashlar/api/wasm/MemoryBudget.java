package org.ashlar.api.wasm;

/** Caps what the instances of one process may hold. Called on the instance's thread. */
@FunctionalInterface
public interface MemoryBudget {
    /**
     * Asked before {@code bytes} more are taken, by a table, a handle or an object.
     *
     * @return false: the growth fails, which the guest sees as {@code table.grow} giving -1, or by ending
     */
    boolean reserve(long bytes);

    /**
     * Asked before a linear memory becomes larger by {@code bytes}, which it takes bit by bit as they are written.
     *
     * @return false: the guest sees {@code memory.grow} giving -1, or it does not start
     */
    default boolean promise(long bytes) {
        return reserve(bytes);
    }

    /**
     * Asked before {@code bytes} of what was promised are really taken.
     *
     * @return false: the write traps
     */
    default boolean take(long bytes) {
        return true;
    }

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
