package org.ashlar.process;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;

/**
 * The memory for host calls inside a running guest: a second core module of the component, which the Maven plugin
 * makes. The host allocates its results there as well, which calls no Java code and so can meet no collection.
 */
final class Arena implements Memory {

    private static final String MODULE = "arena";

    /** Forgets all blocks: each host call begins with an empty arena. */
    void reset() {
        resetBlocks();
    }

    /** Ends this process as failed. */
    static void fail() {
        trap();
    }

    @Override
    public int allocate(int size, int alignment) {
        return allocateBlock(size, alignment);
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
        for (; i + 8 <= length; i += 8) {
            data.add(i).putLong(load64(address + i));
        }
        for (; i < length; i++) {
            data.add(i).putByte((byte) load8(address + i));
        }
    }

    /** Unmanaged for the same reason as {@link #copyOut}. */
    @Unmanaged
    private static void copyIn(byte[] source, int address) {
        var data = org.teavm.interop.Address.ofData(source);
        int length = source.length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            store64(address + i, data.add(i).getLong());
        }
        for (; i < length; i++) {
            store8(address + i, data.add(i).getByte());
        }
    }

    @Unmanaged
    @Import(module = MODULE, name = "reset")
    private static native void resetBlocks();

    @Unmanaged
    @Import(module = MODULE, name = "allocate")
    static native int allocateBlock(int size, int alignment);

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
