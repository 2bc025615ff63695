package org.ashlar.endive;

import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.wasm.FlatMemory;
import org.ashlar.wasm.LinearMemory;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * The only class of memory that Endive's compiled code meets: what Endive asks of a memory beyond a flat array. That is other
 * names for the same accesses, an instance's data segments, and threads. An instance is used by one thread at a time, so
 * plain accesses are atomic and nobody ever waits.
 */
final class EndiveMemory extends FlatMemory implements Memory {
    private DataSegment[] segments = {};

    private EndiveMemory(LinearMemory memory) {
        super(memory);
    }

    static EndiveMemory create(MemoryLimits limits, MemoryBudget budget) {
        return new EndiveMemory(new LinearMemory(limits.initialPages(), limits.maximumPages(), budget));
    }

    /** Another view of the same memory, for another instance. */
    EndiveMemory share() {
        return new EndiveMemory(memory());
    }

    // --- other names

    @Override
    public byte read(int address) {
        return readByte(address);
    }

    @Override
    public byte[] readBytes(int address, int length) {
        return read(address, length);
    }

    @Override
    public void writeI32(int address, int value) {
        writeInt(address, value);
    }

    @Override
    public long readU16(int address) {
        return Short.toUnsignedLong(readShort(address));
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    // --- data segments

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments) {
        initialize(instance, dataSegments, 0);
    }

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments, int memoryIndex) {
        segments = dataSegments; // the instance's own array, in which data.drop leaves empty segments
        for (int i = 0; i < segments.length; i++) {
            if (segments[i] instanceof ActiveDataSegment active && active.index() == memoryIndex) {
                int offset = (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
                write(offset, active.data(), 0, active.data().length);
                segments[i] = PassiveDataSegment.EMPTY; // once copied, an active segment counts as dropped
            }
        }
    }

    @Override
    public void initPassiveSegment(int segment, int target, int offset, int length) {
        byte[] data = segments[segment].data();
        if (offset < 0 || length < 0 || offset > data.length - length) {
            throw new WasmTrap(OUT_OF_BOUNDS);
        }
        write(target, data, offset, length);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = PassiveDataSegment.EMPTY;
    }

    // --- threads

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    public Object lock(int address) {
        return this;
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    public int waitOn(int address, int expected, long timeout) {
        throw new WasmTrap("expected shared memory");
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    public int waitOn(int address, long expected, long timeout) {
        throw new WasmTrap("expected shared memory");
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    public int notify(int address, int maxThreads) {
        readInt(address); // traps when it lies outside
        return 0;
    }
}
