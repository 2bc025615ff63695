package org.ashlar.wasm;

import java.util.Arrays;

/**
 * The arrays in which an instance passes numbers to and from what is outside of it; the machine of each instance is one. Who
 * is called reads its arguments before anything else runs, and who called reads the result at once, so a call can have the
 * arrays of the one before. For the thread that runs the instance.
 */
public abstract class CallArrays {
    /** Longer ones are made anew. */
    private static final int LONGEST = 16;
    private static final long[][] NONE = {};

    private long[][] arguments = NONE;
    private long[] result;

    /** For the arguments of a call, all of which are written before it. */
    public final long[] arguments(int count) {
        long[][] known = arguments;
        return count < known.length && known[count] != null ? known[count] : firstOf(count);
    }

    private long[] firstOf(int count) {
        long[] made = new long[count];
        if (count <= LONGEST) {
            arguments = Arrays.copyOf(arguments, Math.max(arguments.length, count + 1));
            arguments[count] = made;
        }
        return made;
    }

    /** For the only result of a call. */
    public final long[] result(int count) {
        if (count != 1) {
            return new long[count];
        }
        long[] known = result;
        if (known == null) {
            known = new long[1];
            result = known;
        }
        return known;
    }
}
