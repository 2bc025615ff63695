package org.ashlar.wasm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmTrap;

/**
 * One instance's view of a linear memory: a flat array that reaches from about the lowest address written so far up to about
 * the highest. What lies outside of it, and below the size, reads as zeros and takes no room: neither what is left of a heap
 * nor what is left of a stack, which toolchains put below the static data.
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
    /** The same array as in all other views; of eight bytes at least, so that what is taken off its length below stays positive. */
    byte[] bytes;
    /** The address of the array's first byte. The array ends within the memory's size. */
    int base;

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
        return memory.size;
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

    // --- single values; kept small, so that HotSpot inlines them. The unsigned comparison is the one that the access to the
    // array makes, too, so that of both one is left: with it, a base that is not zero costs nothing. A value that lies wholly
    // outside of the array and inside of the memory is zero, found without a call: with a call in a loop, the compiled code
    // would look for the array anew in each turn, in the loops of all guests as soon as one has read what was not written.

    @Override
    public final byte readByte(int address) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length) < 0) {
            return b[index];
        }
        return (index <= -1 || index >= b.length) && address >= 0 && address <= memory.size - 1
                ? 0 : (byte) readAcross(address, 1);
    }

    @Override
    public final short readShort(int address) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 1) < 0) {
            return (short) SHORT.get(b, index);
        }
        return (index <= -2 || index >= b.length) && address >= 0 && address <= memory.size - 2
                ? 0 : (short) readAcross(address, 2);
    }

    @Override
    public final int readInt(int address) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 3) < 0) {
            return (int) INT.get(b, index);
        }
        return (index <= -4 || index >= b.length) && address >= 0 && address <= memory.size - 4
                ? 0 : (int) readAcross(address, 4);
    }

    @Override
    public final long readLong(int address) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 7) < 0) {
            return (long) LONG.get(b, index);
        }
        return (index <= -8 || index >= b.length) && address >= 0 && address <= memory.size - 8
                ? 0 : readAcross(address, 8);
    }

    public final float readFloat(int address) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 3) < 0) {
            return (float) FLOAT.get(b, index);
        }
        return (index <= -4 || index >= b.length) && address >= 0 && address <= memory.size - 4
                ? 0 : Float.intBitsToFloat((int) readAcross(address, 4));
    }

    public final double readDouble(int address) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 7) < 0) {
            return (double) DOUBLE.get(b, index);
        }
        return (index <= -8 || index >= b.length) && address >= 0 && address <= memory.size - 8
                ? 0 : Double.longBitsToDouble(readAcross(address, 8));
    }

    @Override
    public final void writeByte(int address, byte value) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length) < 0) {
            b[index] = value;
        } else {
            writeOutside(address, value, 1);
        }
    }

    @Override
    public final void writeShort(int address, short value) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 1) < 0) {
            SHORT.set(b, index, value);
        } else {
            writeOutside(address, value, 2);
        }
    }

    @Override
    public final void writeInt(int address, int value) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 3) < 0) {
            INT.set(b, index, value);
        } else {
            writeOutside(address, value, 4);
        }
    }

    @Override
    public final void writeLong(int address, long value) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 7) < 0) {
            LONG.set(b, index, value);
        } else {
            writeOutside(address, value, 8);
        }
    }

    public final void writeF32(int address, float value) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 3) < 0) {
            FLOAT.set(b, index, value);
        } else {
            writeOutside(address, Float.floatToRawIntBits(value), 4);
        }
    }

    public final void writeF64(int address, double value) {
        byte[] b = bytes;
        int index = address - base;
        if (Integer.compareUnsigned(index, b.length - 7) < 0) {
            DOUBLE.set(b, index, value);
        } else {
            writeOutside(address, Double.doubleToRawLongBits(value), 8);
        }
    }

    /** Reads a value of which a part lies in the array: the rest is zero. @throws WasmTrap outside of the memory */
    private long readAcross(int address, int length) {
        memory.checkInside(address, length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            int index = address + i - base;
            if (index >= 0 && index < bytes.length) {
                value |= (bytes[index] & 0xFFL) << (8 * i);
            }
        }
        return value;
    }

    /** @throws WasmTrap outside of the memory */
    private void writeOutside(int address, long value, int length) {
        int index = memory.reach(address, length);
        for (int i = 0; i < length; i++) {
            bytes[index + i] = (byte) (value >>> (8 * i));
        }
    }

    // --- ranges

    @Override
    public final byte[] read(int address, int length) {
        memory.checkInside(address, length);
        int index = address - base;
        if (index >= 0 && index <= bytes.length - length) {
            return Arrays.copyOfRange(bytes, index, index + length); // which does not write zeros first
        }
        byte[] result = new byte[length];
        int from = present(address);
        int to = present(address + length);
        System.arraycopy(bytes, from - base, result, Math.clamp(from - address, 0, length), to - from);
        return result;
    }

    /** The address in the array that is nearest to {@code address}; its end counts as in it. */
    private int present(int address) {
        return Math.clamp(address, base, base + bytes.length);
    }

    @Override
    public final void write(int address, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        int index = memory.reach(address, length);
        if (length > 0) { // an empty range may lie outside of the array
            System.arraycopy(source, offset, bytes, index, length);
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
        Arrays.fill(bytes, present(from) - base, present(to) - base, value);
    }

    /** {@code memory.copy}; the ranges may overlap. @throws WasmTrap outside of the memory */
    public final void copy(int target, int source, int length) {
        memory.checkInside(source, length);
        memory.reach(target, length);
        if (length == 0) { // an empty range may lie outside of the array
            return;
        }
        int from = present(source);
        int to = present(source + length);
        int start = target + Math.clamp(from - source, 0, length);
        int end = start + (to - from);
        System.arraycopy(bytes, from - base, bytes, start - base, to - from);
        Arrays.fill(bytes, target - base, start - base, (byte) 0);
        Arrays.fill(bytes, end - base, target + length - base, (byte) 0);
    }

    public final void zero() {
        Arrays.fill(bytes, (byte) 0);
    }
}
