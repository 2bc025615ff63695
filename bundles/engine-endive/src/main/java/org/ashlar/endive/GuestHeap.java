package org.ashlar.endive;

import org.ashlar.api.wasm.WasmTrap;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmArray;
import run.endive.runtime.WasmStruct;

/**
 * Counts the objects of garbage-collected languages against the budget of their process. Compiled code calls it, which is
 * why it is public: {@link OwnRoutines} puts the calls there.
 * <p>
 * Endive's objects are Java's, and the JVM collects them, but nobody hears of it. So nothing is given back to the budget:
 * a guest ends by a trap when it has allocated all of it.
 */
public final class GuestHeap {
    /** The longest array, in elements. */
    private static final int MAX_ARRAY = 4 << 20;
    /** What an object takes besides its fields, in bytes: itself and the headers of two arrays. */
    private static final int OBJECT = 72;
    /** What a field or an element takes, in bytes: a number, a reference, and a boxed number that belongs to it alone. */
    private static final int FIELD = 32;

    private GuestHeap() { }

    /** Makes the array in which an object keeps its fields or elements. */
    public static long[] newElements(int length) {
        if (length < 0 || length > MAX_ARRAY) {
            throw new WasmTrap("out of memory: an array of " + Integer.toUnsignedString(length) + " elements; the limit is "
                    + MAX_ARRAY);
        }
        return new long[length];
    }

    /** Counts a new object. @return the same */
    public static Object count(Object object, Instance instance) {
        int fields = switch (object) {
            case WasmStruct struct -> struct.fieldCount();
            case WasmArray array -> array.length();
            default -> 0;
        };
        ((CountedMachine) instance.getMachine()).reserve(OBJECT + (long) FIELD * fields);
        return object;
    }
}
