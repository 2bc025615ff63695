package org.ashlar.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.WasmArray;
import com.dylibso.chicory.runtime.WasmGcRef;
import com.dylibso.chicory.runtime.WasmStruct;
import org.ashlar.api.wasm.WasmTrap;

/**
 * Counts the objects of garbage-collected languages against the budget of their process. Compiled code calls it, which is
 * why it is public: {@link OwnRoutines} puts the calls there.
 * <p>
 * Chicory lets go of objects only when no Wasm code is on the stack, which for a guest in its message loop is never. So
 * nothing is given back to the budget: such a guest ends by a trap when it has allocated all of it.
 */
public final class GuestHeap {
    /** The longest array, in elements of 8 bytes. */
    private static final int MAX_ARRAY = 4 << 20;
    /** What an object and its entry in Chicory's table take besides its fields, in bytes. */
    private static final int OBJECT = 104;

    private GuestHeap() { }

    /** Makes the array in which an array object keeps its elements. */
    public static long[] newElements(int length) {
        if (length < 0 || length > MAX_ARRAY) {
            throw new WasmTrap("out of memory: an array of " + Integer.toUnsignedString(length) + " elements; the limit is "
                    + MAX_ARRAY);
        }
        return new long[length];
    }

    /** Enters an object into the instance's table. @return its number */
    public static int register(Instance instance, WasmGcRef object) {
        int fields = switch (object) {
            case WasmStruct struct -> struct.fieldCount();
            case WasmArray array -> array.length();
            default -> 0;
        };
        ((CountedMachine) instance.getMachine()).reserve(OBJECT + 8L * fields);
        return instance.registerGcRef(object);
    }
}
