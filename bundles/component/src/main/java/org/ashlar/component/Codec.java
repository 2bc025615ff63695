package org.ashlar.component;

/**
 * How values of one type pass between Java and core WebAssembly ({@code CanonicalABI.md}: load, store, lift, lower). Made
 * once for a type in a component; immutable.
 * <p>
 * Core values travel in a {@code long}: 32-bit ones zero-extended on the way in, their upper half ignored on the way out. So
 * the cases of a variant, whose types are joined, need no conversion.
 */
abstract class Codec {
    /** Where counting core values ends: past 16, how many there would be does not matter. */
    static final int FLAT_MAX = 1 << 20;

    /** Bytes in memory. */
    final int size;
    /** In bytes; a power of two. */
    final int alignment;
    /** Core values it takes when flattened; only meaningful where a function does not use memory instead. */
    final int flatCount;

    Codec(int size, int alignment, int flatCount) {
        this.size = size;
        this.alignment = alignment;
        this.flatCount = flatCount;
    }

    /** Reads a value at an address that is aligned and within memory. */
    abstract Object load(Abi abi, Call call, int address);

    /** Writes a value at an address that is aligned and within memory. */
    abstract void store(Abi abi, Call call, Object value, int address);

    /** Takes a value from core values, the first of which is at {@code at}. */
    abstract Object lift(Abi abi, Call call, long[] flat, int at);

    /** Puts a value as core values, the first of which goes to {@code at}; those it does not use stay zero. */
    abstract void lower(Abi abi, Call call, Object value, long[] flat, int at);

    static int align(int offset, int alignment) {
        return offset + alignment - 1 & -alignment;
    }

    static long unsigned(int value) {
        return value & 0xffffffffL;
    }
}
