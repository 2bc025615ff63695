package org.ashlar.component;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmTrap;

/** A small memory with an allocator that only goes up, for canonical functions without a component. */
final class FlatTestMemory implements WasmExtern.Memory {
    private static final int SIZE = 1 << 16;

    private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private int next = SIZE / 2;

    /** What a canonical function works with that has this memory. */
    Abi abi() {
        InstanceState instance = new InstanceState(new Store("host", MemoryBudget.of(SIZE), Fuel.UNCOUNTED), Optional.empty(), 0);
        Abi abi = new Abi(instance, this, new HostFunction(new FunctionType(java.util.List.of(), java.util.List.of()), arguments -> {
            int alignment = (int) arguments[2];
            next = next + alignment - 1 & -alignment;
            int address = next;
            next += (int) arguments[3];
            return new long[] {address};
        }));
        abi.startLifting();
        return abi;
    }

    byte[] content() {
        return Arrays.copyOf(bytes.array(), SIZE);
    }

    private int at(int address, int length) {
        if (address < 0 || address > SIZE - length) {
            throw new WasmTrap("out of bounds memory access");
        }
        return address;
    }

    @Override
    public long size() {
        return SIZE;
    }

    @Override
    public byte[] read(int address, int length) {
        return Arrays.copyOfRange(bytes.array(), at(address, length), address + length);
    }

    @Override
    public void write(int address, byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes.array(), at(address, length), length);
    }

    @Override
    public byte readByte(int address) {
        return bytes.get(at(address, 1));
    }

    @Override
    public void writeByte(int address, byte value) {
        bytes.put(at(address, 1), value);
    }

    @Override
    public short readShort(int address) {
        return bytes.getShort(at(address, 2));
    }

    @Override
    public void writeShort(int address, short value) {
        bytes.putShort(at(address, 2), value);
    }

    @Override
    public int readInt(int address) {
        return bytes.getInt(at(address, 4));
    }

    @Override
    public void writeInt(int address, int value) {
        bytes.putInt(at(address, 4), value);
    }

    @Override
    public long readLong(int address) {
        return bytes.getLong(at(address, 8));
    }

    @Override
    public void writeLong(int address, long value) {
        bytes.putLong(at(address, 8), value);
    }
}
