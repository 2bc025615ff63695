package org.ashlar.wasm;

import java.io.ByteArrayOutputStream;

/** Writes the binary form of modules. */
final class BinaryWriter {
    private final ByteArrayOutputStream out;

    BinaryWriter(int expected) {
        out = new ByteArrayOutputStream(expected);
    }

    BinaryWriter u8(int value) {
        out.write(value);
        return this;
    }

    BinaryWriter u32(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        return this;
    }

    BinaryWriter s32(int value) {
        int rest = value;
        while (rest < -0x40 || rest > 0x3F) {
            out.write(rest & 0x7F | 0x80);
            rest >>= 7;
        }
        out.write(rest & 0x7F);
        return this;
    }

    /** The bytes of {@code source} between two positions. */
    BinaryWriter copy(byte[] source, int from, int to) {
        out.write(source, from, to - from);
        return this;
    }

    BinaryWriter raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Something with its length before it: a section's content or a body. */
    BinaryWriter sized(BinaryWriter content) {
        byte[] bytes = content.bytes();
        return u32(bytes.length).raw(bytes);
    }

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
