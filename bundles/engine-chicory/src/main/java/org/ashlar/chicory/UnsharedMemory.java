package org.ashlar.chicory;

import com.dylibso.chicory.runtime.Memory;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmTrap;

/**
 * What Chicory asks of a memory beyond what {@link WasmExtern.Memory} has: other names for the same accesses, and threads.
 * An instance is used by one thread at a time, so plain accesses are atomic and nobody ever waits.
 */
abstract class UnsharedMemory implements Memory, WasmExtern.Memory {
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
