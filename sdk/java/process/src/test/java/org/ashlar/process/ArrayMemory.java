package org.ashlar.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A memory of fixed size outside any guest. It begins filled with 0xee, so that a byte nobody wrote shows. */
final class ArrayMemory implements Memory {

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private int top = 64;

    ArrayMemory() {
        Arrays.fill(bytes.array(), (byte) 0xee);
    }

    @Override
    public int allocate(int size) {
        int block = top;
        top += (size + 7) / 8 * 8;
        return block;
    }

    @Override
    public int loadByte(int address) {
        return bytes.get(address) & 0xff;
    }

    @Override
    public int loadInt(int address) {
        return bytes.getInt(address);
    }

    @Override
    public long loadLong(int address) {
        return bytes.getLong(address);
    }

    @Override
    public void load(int address, byte[] target) {
        bytes.get(address, target);
    }

    @Override
    public void storeByte(int address, int value) {
        bytes.put(address, (byte) value);
    }

    @Override
    public void storeInt(int address, int value) {
        bytes.putInt(address, value);
    }

    @Override
    public void storeLong(int address, long value) {
        bytes.putLong(address, value);
    }

    @Override
    public void store(int address, byte[] source) {
        bytes.put(address, source);
    }
}
