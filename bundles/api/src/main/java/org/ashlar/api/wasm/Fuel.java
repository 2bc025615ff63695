package org.ashlar.api.wasm;

/**
 * Hands out, slice by slice, what the instances of one process may compute. An instruction is about one unit; of a loop all are
 * counted at each turn. A billion of them take a second at most, and a tenth of it in a tight loop.
 */
@FunctionalInterface
public interface Fuel {
    /** How much code usually gets at a time: for ten to 250 microseconds. */
    int SLICE = 250_000;
    /** The most that can be given at a time. */
    int MOST = 1 << 30;

    /** Counts nothing, and never says no. */
    Fuel UNCOUNTED = used -> SLICE;

    /**
     * Called when an instance has used up its slice, and when it first runs; on the instance's thread, in the middle of its
     * code. May take its time, such as to let others run. What it throws ends the call of the instance and reaches that call's
     * caller unchanged.
     * It leaves the memories of the instance as they are, itself and through whatever it calls: the code does not look for
     * them again.
     *
     * @param used units since the last time this instance asked
     * @return units until it asks again, from 1 to {@link #MOST}
     */
    int next(long used);
}
