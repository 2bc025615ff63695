package org.ashlar.component;

import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.component.binary.Limits;

/**
 * What canonical functions of an instance that have the same options work with: their memory and allocator, the handles of
 * the instance. Used by the thread that runs the instance.
 */
final class Abi {
    final InstanceState instance;
    /** Absent only where validation found that no value needs it. */
    final WasmExtern.Memory memory;
    private final WasmExtern.Function realloc;
    /** For each call of {@link #realloc}: of old address, old size, alignment, size. */
    private final long[] reallocation = new long[4];
    /** One that is over, for the next; null while there is none. */
    private Call spare;

    Abi(InstanceState instance, WasmExtern.Memory memory, WasmExtern.Function realloc) {
        this.instance = instance;
        this.memory = memory;
        this.realloc = realloc;
    }

    /**
     * Asks the guest for memory. It cannot call out meanwhile.
     *
     * @param what "list", "string" or "argument"
     */
    int allocate(int alignment, int size, String what) {
        instance.mayLeave = false;
        reallocation[2] = alignment;
        reallocation[3] = size;
        int address = (int) realloc.call(reallocation)[0];
        instance.mayLeave = true;
        if ((address & alignment - 1) != 0) {
            throw new ComponentTrap("realloc return: result not aligned: unaligned pointer");
        }
        if (Codec.unsigned(address) + size > memory.size()) {
            throw new ComponentTrap("realloc return: beyond end of memory: " + what + " content out-of-bounds");
        }
        return address;
    }

    /** A call that core code of the instance makes. */
    Call startCall() {
        Call call = spare == null ? new Call() : spare;
        spare = null;
        return call;
    }

    /** To be called when it is over, unless something was thrown. */
    void endCall(Call call) {
        if (call.isBlank()) {
            spare = call;
        }
    }

    /** Checks the place of parameters or results that go through memory. */
    void checkArea(int address, int alignment, int size) {
        if ((address & alignment - 1) != 0) {
            throw new ComponentTrap("unaligned pointer");
        }
        if (Codec.unsigned(address) + size > memory.size()) {
            throw new ComponentTrap("pointer out of bounds of memory");
        }
    }

    /**
     * Checks the place of a list or string in memory, and counts its bytes against those that one call may lift.
     *
     * @param what "list" or "string"
     * @return number of bytes
     */
    int checkContent(int address, int alignment, long bytes, String what) {
        if ((address & alignment - 1) != 0) {
            throw new ComponentTrap("unaligned pointer");
        }
        if (bytes > Limits.VALUE_BYTES || Codec.unsigned(address) + bytes > memory.size()) {
            throw new ComponentTrap(what + " pointer/length out of bounds of memory: " + what + " content out-of-bounds");
        }
        charge(bytes);
        return (int) bytes;
    }

    /** Counts bytes of the heap that lifting takes. */
    void charge(long bytes) {
        instance.room -= bytes;
        if (instance.room < 0) {
            throw new ComponentTrap("values of one call exceed the limit of " + Limits.LIFTED_BYTES_FACTOR
                    + " times the memory they come from");
        }
    }

    /** To be called before the values of a call are lifted. */
    void startLifting() {
        instance.room = Limits.LIFTED_BYTES_BASE + (memory == null ? 0 : Limits.LIFTED_BYTES_FACTOR * memory.size());
    }
}
