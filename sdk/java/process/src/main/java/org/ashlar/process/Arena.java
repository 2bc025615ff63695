package org.ashlar.process;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;

/**
 * The memory for host calls inside a running guest: a second core module of the component, which the Maven plugin
 * makes. The host allocates its results there as well, which calls no Java code and so can meet no collection.
 */
final class Arena implements Memory {

    private static final String MODULE = "arena";

    /** Blocks begin and end at multiples of this, so that the rest of an array can be moved in one access. */
    private static final int ALIGNMENT = 8;

    /** Forgets all blocks and takes the first anew: so begins each host call. */
    int begin(int size) {
        return beginBlocks(size);
    }

    /** Ends this process as failed. */
    static void fail() {
        trap();
    }

    @Override
    public int allocate(int size) {
        return allocateBlock(size, ALIGNMENT);
    }

    @Override
    public int loadByte(int address) {
        return load8(address);
    }

    @Override
    public int loadInt(int address) {
        return load32(address);
    }

    @Override
    public long loadLong(int address) {
        return load64(address);
    }

    @Override
    public void load(int address, byte[] target) {
        copyOut(address, target);
    }

    @Override
    public void storeByte(int address, int value) {
        store8(address, value);
    }

    @Override
    public void storeInt(int address, int value) {
        store32(address, value);
    }

    @Override
    public void storeLong(int address, long value) {
        store64(address, value);
    }

    @Override
    public void store(int address, byte[] source) {
        copyIn(source, address);
    }

    /** Unmanaged, so that the array cannot move between taking its address and writing to it. */
    @Unmanaged
    private static void copyOut(int address, byte[] target) {
        var data = org.teavm.interop.Address.ofData(target);
        int length = target.length;
        int i = 0;
        for (; i + ALIGNMENT <= length; i += ALIGNMENT) {
            data.add(i).putLong(load64(address + i));
        }
        if (i < length) {
            long rest = load64(address + i);
            for (; i < length; i++) {
                data.add(i).putByte((byte) rest);
                rest >>>= 8;
            }
        }
    }

    /** Unmanaged for the same reason as {@link #copyOut}. */
    @Unmanaged
    private static void copyIn(byte[] source, int address) {
        var data = org.teavm.interop.Address.ofData(source);
        int length = source.length;
        int i = 0;
        for (; i + ALIGNMENT <= length; i += ALIGNMENT) {
            store64(address + i, data.add(i).getLong());
        }
        if (i < length) {
            long rest = 0;
            for (int last = length - 1; last >= i; last--) {
                rest = rest << 8 | data.add(last).getByte() & 0xff;
            }
            store64(address + i, rest);
        }
    }

    @Unmanaged
    @Import(module = MODULE, name = "begin")
    private static native int beginBlocks(int size);

    @Unmanaged
    @Import(module = MODULE, name = "allocate")
    private static native int allocateBlock(int size, int alignment);

    @Unmanaged
    @Import(module = MODULE, name = "load8")
    private static native int load8(int address);

    @Unmanaged
    @Import(module = MODULE, name = "load32")
    private static native int load32(int address);

    @Unmanaged
    @Import(module = MODULE, name = "load64")
    private static native long load64(int address);

    @Unmanaged
    @Import(module = MODULE, name = "store8")
    static native void store8(int address, int value);

    @Unmanaged
    @Import(module = MODULE, name = "store32")
    private static native void store32(int address, int value);

    @Unmanaged
    @Import(module = MODULE, name = "store64")
    private static native void store64(int address, long value);

    @Unmanaged
    @Import(module = MODULE, name = "trap")
    private static native void trap();
}
