package org.ashlar.process;

/**
 * The linear memory through which arguments and results of host calls pass. Addresses are bytes from its start;
 * numbers are little-endian, and accesses need not be aligned.
 *
 * <p>It is not the memory that Java objects live in. The collector moves those whenever something is allocated; here
 * nothing moves, so a result may be read while its parts become Java objects.
 */
interface Memory {

    /** A fresh block, aligned to 8. It lasts until the next host call begins. */
    int allocate(int size);

    int loadByte(int address);

    int loadInt(int address);

    long loadLong(int address);

    /** Fills {@code target} with the bytes from {@code address} on. */
    void load(int address, byte[] target);

    void storeByte(int address, int value);

    void storeInt(int address, int value);

    void storeLong(int address, long value);

    /** Writes all of {@code source} from {@code address} on, which must be the start of a block as long. */
    void store(int address, byte[] source);
}
