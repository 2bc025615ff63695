package org.ashlar.wasm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmTrap;

/**
 * One instance's view of a linear memory: a flat array that reaches up to about the highest address written so far.
 * What lies above it, and below the size, reads as zeros and takes no room.
 * <p>
 * An engine has one subclass, which adds what its own interface of a memory asks for beyond this. It must be the only class
 * of memory that the engine's compiled code ever meets: a second one would make every access a virtual call. It is also what
 * the host sees, so that nothing lies between a host function and the bytes.
 * <p>
 * Each instance that imports a memory gets a view of its own, because engines look for an instance's passive data segments
 * in the memory. {@link LinearMemory} keeps the array of all views the same.
 */
public abstract class FlatMemory implements WasmExtern.Memory {
    /** The specification's words for it. */
    public static final String OUT_OF_BOUNDS = "out of bounds memory access";

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle FLOAT = view(float[].class);
    private static final VarHandle DOUBLE = view(double[].class);

    private final LinearMemory memory;
    /** The same array as in all other views; its length never exceeds the memory's size. */
    byte[] bytes = {};

    /** A view of this memory. */
    protected FlatMemory(LinearMemory memory) {
        this.memory = memory;
        memory.enter(this);
    }

    /** What all views of it share. */
    protected final LinearMemory memory() {
        return memory;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    // --- size

    @Override
    public final long size() {
        return memory.size();
    }

    /** Its size in pages of 64 KiB. */
    public final int pages() {
        return memory.pages();
    }

    /** {@code memory.grow}: the former size in pages, or -1 when it cannot have so many more. */
    public final int grow(int pages) {
        return memory.grow(pages);
    }

    public final int initialPages() {
        return memory.initialPages();
    }

    public final int maximumPages() {
        return memory.maximumPages();
    }

    // --- single values; kept small, so that HotSpot inlines them

    @Override
    public final byte readByte(int address) {
        byte[] b = bytes;
        return address >= 0 && address < b.length ? b[address] : (byte) readAbove(address, 1);
    }

    @Override
    public final short readShort(int address) {
        byte[] b = bytes;
        return address >= 0 && address <= b.length - 2 ? (short) SHORT.get(b, address) : (short) readAbove(address, 2);
    }

    @Override
    public final int readInt(int address) {
        byte[] b = bytes;
        return address >= 0 && address <= b.length - 4 ? (int) INT.get(b, address) : (int) readAbove(address, 4);
    }

    @Override
    public final long readLong(int address) {
        byte[] b = bytes;
        return address >= 0 && address <= b.length - 8 ? (long) LONG.get(b, address) : readAbove(address, 8);
    }

    public final float readFloat(int address) {
        byte[] b = bytes;
        return address >= 0 && address <= b.length - 4
                ? (float) FLOAT.get(b, address)
                : Float.intBitsToFloat((int) readAbove(address, 4));
    }

    public final double readDouble(int address) {
        byte[] b = bytes;
        return address >= 0 && address <= b.length - 8
                ? (double) DOUBLE.get(b, address)
                : Double.longBitsToDouble(readAbove(address, 8));
    }

    @Override
    public final void writeByte(int address, byte value) {
        if (address < 0 || address >= bytes.length) {
            memory.reach(address, 1);
        }
        bytes[address] = value;
    }

    @Override
    public final void writeShort(int address, short value) {
        if (address < 0 || address > bytes.length - 2) {
            memory.reach(address, 2);
        }
        SHORT.set(bytes, address, value);
    }

    @Override
    public final void writeInt(int address, int value) {
        if (address < 0 || address > bytes.length - 4) {
            memory.reach(address, 4);
        }
        INT.set(bytes, address, value);
    }

    @Override
    public final void writeLong(int address, long value) {
        if (address < 0 || address > bytes.length - 8) {
            memory.reach(address, 8);
        }
        LONG.set(bytes, address, value);
    }

    public final void writeF32(int address, float value) {
        if (address < 0 || address > bytes.length - 4) {
            memory.reach(address, 4);
        }
        FLOAT.set(bytes, address, value);
    }

    public final void writeF64(int address, double value) {
        if (address < 0 || address > bytes.length - 8) {
            memory.reach(address, 8);
        }
        DOUBLE.set(bytes, address, value);
    }

    /** Reads a value that does not lie wholly in the array: what lies above it is zero. */
    private long readAbove(int address, int length) {
        memory.checkInside(address, length);
        long value = 0;
        for (int i = 0; i < length && address + i < bytes.length; i++) {
            value |= (bytes[address + i] & 0xFFL) << (8 * i);
        }
        return value;
    }

    // --- ranges

    @Override
    public final byte[] read(int address, int length) {
        memory.checkInside(address, length);
        byte[] result = new byte[length];
        int present = Math.min(length, bytes.length - address);
        if (present > 0) {
            System.arraycopy(bytes, address, result, 0, present);
        }
        return result;
    }

    @Override
    public final void write(int address, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        memory.reach(address, length);
        if (length > 0) { // an empty range may lie above the array
            System.arraycopy(source, offset, bytes, address, length);
        }
    }

    /** Fills from {@code from} to before {@code to}. @throws WasmTrap outside of the memory */
    public final void fill(byte value, int from, int to) {
        // the engines add start and length without a check: a wrapped sum ends below the start
        if (to < from) {
            throw new WasmTrap(OUT_OF_BOUNDS);
        }
        memory.checkInside(from, to - from);
        if (value != 0) {
            memory.reach(from, to - from);
        }
        if (from < bytes.length) {
            Arrays.fill(bytes, from, Math.min(to, bytes.length), value);
        }
    }

    /** {@code memory.copy}; the ranges may overlap. @throws WasmTrap outside of the memory */
    public final void copy(int target, int source, int length) {
        memory.checkInside(source, length);
        memory.reach(target, length);
        if (length == 0) { // an empty range may lie above the array
            return;
        }
        int present = Math.clamp((long) bytes.length - source, 0, length);
        System.arraycopy(bytes, Math.min(source, bytes.length), bytes, target, present);
        Arrays.fill(bytes, target + present, target + length, (byte) 0);
    }

    public final void zero() {
        Arrays.fill(bytes, (byte) 0);
    }
}
