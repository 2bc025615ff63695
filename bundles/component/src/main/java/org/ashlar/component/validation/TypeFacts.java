package org.ashlar.component.validation;

/**
 * What is known of a type without walking through it again.
 *
 * @param depth     of nesting
 * @param size      parts, counted as if nothing were shared
 * @param resources whether it mentions resource types
 * @param borrows   whether values of it may hold borrowed handles
 * @param pointers  whether values of it need a memory even when flattened
 * @param async     whether it mentions streams or futures
 * @param flat      core values it takes when flattened; saturates
 * @param bytes     size in a memory with 64-bit addresses, which bounds that with 32-bit ones
 * @param alignment in such a memory
 */
record TypeFacts(int depth, long size, boolean resources, boolean borrows, boolean pointers, boolean async,
                 int flat, long bytes, int alignment) {
    static TypeFacts leaf(int bytes) {
        return new TypeFacts(1, 1, false, false, false, false, 1, bytes, bytes);
    }

    /** Two addresses: a list or a string. */
    static TypeFacts pointerPair() {
        return new TypeFacts(1, 1, false, false, true, false, 2, 16, 8);
    }

    TypeFacts asynchronous() {
        return new TypeFacts(depth, size, resources, borrows, pointers, true, flat, bytes, alignment);
    }
}
