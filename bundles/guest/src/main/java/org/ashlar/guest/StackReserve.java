package org.ashlar.guest;

/**
 * Makes sure that there is stack left before the kernel is entered. A guest may recurse until one frame more would
 * overflow and then call the host: the overflow must come here, not in the middle of what the kernel does under a lock.
 */
final class StackReserve {
    /** With the arguments below 3 KiB of compiled frames, and 130 ns. */
    private static final int FRAMES = 64;

    private StackReserve() { }

    /** @throws StackOverflowError when too little is left, which traps the guest with {@code call stack exhausted} */
    static void ensure() {
        if (descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) < 0) {
            throw new IllegalStateException("never negative; keeps the compiler from leaving the calls out");
        }
    }

    /** The arguments beyond those that travel in registers make each frame larger. */
    private static long descend(int frames, long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) {
        return frames == 0
                ? a + b + c + d + e + f + g + h + i + j
                : descend(frames - 1, b, c, d, e, f, g, h, i, j, a) & Long.MAX_VALUE;
    }
}
