package org.ashlar.wasm;

import org.ashlar.api.wasm.WasmException;

/** Reads the binary form of modules; never past its end, and no count that the rest could not hold. */
final class BinaryReader {
    /** The value type {@code v128}. */
    private static final int VECTOR = 0x7B;

    private final byte[] bytes;
    private final int end;
    private int at;

    BinaryReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    boolean atEnd() {
        return at == end;
    }

    int position() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    /** Reads the byte that was read last once more. */
    void back() {
        at--;
    }

    /** Another reader of what is left, from here. */
    BinaryReader rest() {
        return new BinaryReader(bytes, at, end);
    }

    int u8() {
        if (at == end) {
            throw tooShort();
        }
        return bytes[at++] & 0xFF;
    }

    /** An unsigned 32-bit number. */
    int u32() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = u8();
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new WasmException("integer representation too long");
    }

    /** How many follow of something that takes at least a byte each. */
    int count() {
        int count = u32();
        if (count < 0 || count > end - at) {
            throw new WasmException("unexpected end: " + Integer.toUnsignedString(count) + " entries are announced where "
                    + (end - at) + " bytes are left");
        }
        return count;
    }

    void skip(int length) {
        if (length < 0 || length > end - at) {
            throw tooShort();
        }
        at += length;
    }

    /** Skips an integer of any width. */
    void skipInteger() {
        while (u8() >= 0x80) {
            // its last byte has the high bit clear
        }
    }

    void skipValueType() {
        int type = u8();
        if (type == VECTOR) {
            throw Instructions.vectors();
        }
        if (type == 0x63 || type == 0x64) { // a reference, with its heap type
            skipInteger();
        }
    }

    /** Skips the sizes of a table or a memory. */
    void skipLimits() {
        int flags = u8();
        skipInteger();
        if ((flags & 1) != 0) {
            skipInteger();
        }
    }

    /** The next {@code length} bytes, which are skipped here. */
    BinaryReader part(int length) {
        int from = at;
        skip(length);
        return new BinaryReader(bytes, from, at);
    }

    private static WasmException tooShort() {
        return new WasmException("unexpected end of the module");
    }
}
