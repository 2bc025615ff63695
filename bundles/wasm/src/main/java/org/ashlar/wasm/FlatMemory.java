package org.ashlar.wasm;

import java.util.Arrays;
import java.util.Objects;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmTrap;

/**
 * One instance's view of a linear memory: a flat array that reaches from about the lowest address written so far up to about
 * the highest. What lies outside of it, and below the size, reads as zeros and takes no room: neither what is left of a heap
 * nor what is left of a stack, which toolchains put below the static data. A few values written far from the rest lie apart,
 * in an {@link Outpost}.
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

    // --- for compiled code, which keeps them in locals; accessors, because HotSpot inlines those whatever a function's size

    public final byte[] bytes() {
        return bytes;
    }

    public final int base() {
        return base;
    }

    // --- single values. The base costs nothing: with it, one unsigned comparison does what two signed ones did.

    @Override
    public final byte readByte(int address) {
        return MemoryAccess.readByte(address, 0, this, bytes, base);
    }

    @Override
    public final short readShort(int address) {
        return MemoryAccess.readShort(address, 0, this, bytes, base);
    }

    @Override
    public final int readInt(int address) {
        return MemoryAccess.readInt(address, 0, this, bytes, base);
    }

    @Override
    public final long readLong(int address) {
        return MemoryAccess.readLong(address, 0, this, bytes, base);
    }

    public final float readFloat(int address) {
        return MemoryAccess.readFloat(address, 0, this, bytes, base);
    }

    public final double readDouble(int address) {
        return MemoryAccess.readDouble(address, 0, this, bytes, base);
    }

    @Override
    public final void writeByte(int address, byte value) {
        MemoryAccess.writeByte(address, value, 0, this, bytes, base);
    }

    @Override
    public final void writeShort(int address, short value) {
        MemoryAccess.writeShort(address, value, 0, this, bytes, base);
    }

    @Override
    public final void writeInt(int address, int value) {
        MemoryAccess.writeInt(address, value, 0, this, bytes, base);
    }

    @Override
    public final void writeLong(int address, long value) {
        MemoryAccess.writeLong(address, value, 0, this, bytes, base);
    }

    public final void writeF32(int address, float value) {
        MemoryAccess.writeFloat(address, value, 0, this, bytes, base);
    }

    public final void writeF64(int address, double value) {
        MemoryAccess.writeDouble(address, value, 0, this, bytes, base);
    }

    /** Reads a value that does not lie in the array as a whole: most of what is outside of it is zero. @throws WasmTrap outside of the memory */
    final long readOutside(long address, int length) {
        int start = start(address, length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            int index = start + i - base;
            int found = index >= 0 && index < bytes.length ? bytes[index] : memory.readFar(start + i);
            value |= (found & 0xFFL) << (8 * i);
        }
        return value;
    }

    /** Writes a value, for which the array may come to reach over it. @return true: it may be another array now @throws WasmTrap outside of the memory */
    final boolean writeOutside(long address, long value, int length) {
        int start = start(address, length);
        if (!memory.writeFar(start, value, length)) {
            int index = memory.reach(start, length);
            for (int i = 0; i < length; i++) {
                bytes[index + i] = (byte) (value >>> (8 * i));
            }
        }
        return true;
    }

    /** Where a value begins. @throws WasmTrap when it does not lie in the memory as a whole */
    private int start(long address, int length) {
        if (address > memory.size - length) {
            throw new WasmTrap(OUT_OF_BOUNDS);
        }
        return (int) address;
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
        memory.readFar(address, result);
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
        } else {
            memory.clearFar(from, to);
        }
        Arrays.fill(bytes, present(from) - base, present(to) - base, value);
    }

    /** {@code memory.copy}; the ranges may overlap. @throws WasmTrap outside of the memory */
    public final void copy(int target, int source, int length) {
        memory.checkInside(source, length);
        memory.gather(source, length);
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
        memory.clearFar(0, memory.size);
    }
}
