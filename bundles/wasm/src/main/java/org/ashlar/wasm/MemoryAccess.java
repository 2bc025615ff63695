package org.ashlar.wasm;

import java.lang.reflect.Field;
import java.nio.ByteOrder;
import sun.misc.Unsafe;

/**
 * Single reads and writes, called by compiled code with the array of its memory at hand ({@link MemoryInLocals}). Addresses and
 * offsets are unsigned; their sum is checked against the array in 64 bits, where it cannot wrap. Writes tell whether the
 * array may be another one afterwards.
 * <p>
 * Plain access to the array would check the index again, in 32 bits, which the JVM does not see through: {@link Unsafe} leaves
 * the one check. Each method makes it, of the very array that it goes on to touch. Kept small, so that HotSpot inlines them,
 * and with few steps, because it bounds how many a function may have in all.
 */
@SuppressWarnings("removal") // its successors are slower here: see the rationale
public final class MemoryAccess {
    /** For functions in which accesses are written out. */
    public static final Unsafe UNSAFE = unsafe();
    /** Where the first byte of an array lies. */
    public static final long FIRST = Unsafe.ARRAY_BYTE_BASE_OFFSET;
    static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    /** Always zero; not a constant, so that the JVM's compiler cannot know. For {@link SparedLocals}. */
    public static int nothing;
    private static final long UNSIGNED = 0xFFFFFFFFL;

    private MemoryAccess() { }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no jdk.unsupported/sun.misc.Unsafe", e);
        }
    }

    /** Reads what does not lie in the array as a whole. @param address with its offset */
    public static long readOutside(long address, int length, Object memory) {
        return ((FlatMemory) memory).readOutside(address, length);
    }

    /** Writes what does not lie in the array as a whole; afterwards it is another array. */
    public static void writeOutside(long address, long value, int length, Object memory) {
        ((FlatMemory) memory).writeOutside(address, value, length);
    }

    public static byte readByte(int address, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        return Long.compareUnsigned(index, bytes.length) < 0 ? UNSAFE.getByte(bytes, FIRST + index)
                : (byte) ((FlatMemory) memory).readOutside(index + base, Byte.BYTES);
    }

    public static short readShort(int address, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        return Long.compareUnsigned(index, bytes.length - 1L) < 0 ? little(UNSAFE.getShort(bytes, FIRST + index))
                : (short) ((FlatMemory) memory).readOutside(index + base, Short.BYTES);
    }

    public static int readInt(int address, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        return Long.compareUnsigned(index, bytes.length - 3L) < 0 ? little(UNSAFE.getInt(bytes, FIRST + index))
                : (int) ((FlatMemory) memory).readOutside(index + base, Integer.BYTES);
    }

    public static long readLong(int address, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        return Long.compareUnsigned(index, bytes.length - 7L) < 0 ? little(UNSAFE.getLong(bytes, FIRST + index))
                : ((FlatMemory) memory).readOutside(index + base, Long.BYTES);
    }

    public static float readFloat(int address, int offset, Object memory, byte[] bytes, long base) {
        return Float.intBitsToFloat(readInt(address, offset, memory, bytes, base));
    }

    public static double readDouble(int address, int offset, Object memory, byte[] bytes, long base) {
        return Double.longBitsToDouble(readLong(address, offset, memory, bytes, base));
    }

    public static boolean writeByte(int address, byte value, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        if (Long.compareUnsigned(index, bytes.length) < 0) {
            UNSAFE.putByte(bytes, FIRST + index, value);
            return false;
        }
        return ((FlatMemory) memory).writeOutside(index + base, value, Byte.BYTES);
    }

    public static boolean writeShort(int address, short value, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        if (Long.compareUnsigned(index, bytes.length - 1L) < 0) {
            UNSAFE.putShort(bytes, FIRST + index, little(value));
            return false;
        }
        return ((FlatMemory) memory).writeOutside(index + base, value, Short.BYTES);
    }

    public static boolean writeInt(int address, int value, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        if (Long.compareUnsigned(index, bytes.length - 3L) < 0) {
            UNSAFE.putInt(bytes, FIRST + index, little(value));
            return false;
        }
        return ((FlatMemory) memory).writeOutside(index + base, value, Integer.BYTES);
    }

    public static boolean writeLong(int address, long value, int offset, Object memory, byte[] bytes, long base) {
        long index = (address & UNSIGNED) + (offset & UNSIGNED) - base;
        if (Long.compareUnsigned(index, bytes.length - 7L) < 0) {
            UNSAFE.putLong(bytes, FIRST + index, little(value));
            return false;
        }
        return ((FlatMemory) memory).writeOutside(index + base, value, Long.BYTES);
    }

    public static boolean writeFloat(int address, float value, int offset, Object memory, byte[] bytes, long base) {
        return writeInt(address, Float.floatToRawIntBits(value), offset, memory, bytes, base);
    }

    public static boolean writeDouble(int address, double value, int offset, Object memory, byte[] bytes, long base) {
        return writeLong(address, Double.doubleToRawLongBits(value), offset, memory, bytes, base);
    }

    private static short little(short value) {
        return LITTLE ? value : Short.reverseBytes(value);
    }

    private static int little(int value) {
        return LITTLE ? value : Integer.reverseBytes(value);
    }

    private static long little(long value) {
        return LITTLE ? value : Long.reverseBytes(value);
    }
}
