package org.ashlar.api.wasm;

/**
 * A linear memory, little-endian. Used by the thread that runs its instance. Addresses are unsigned 32-bit numbers in an
 * {@code int}; an access that is not wholly inside throws {@link WasmTrap}.
 */
public interface WasmMemory {
    /** Current size in bytes. */
    long size();

    /** Copies {@code length} bytes out. */
    byte[] read(int address, int length);

    /** Copies {@code length} bytes of {@code source}, from {@code offset} on, in. */
    void write(int address, byte[] source, int offset, int length);

    byte readByte(int address);

    void writeByte(int address, byte value);

    short readShort(int address);

    void writeShort(int address, short value);

    int readInt(int address);

    void writeInt(int address, int value);

    long readLong(int address);

    void writeLong(int address, long value);
}
