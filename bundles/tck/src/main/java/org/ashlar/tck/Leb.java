package org.ashlar.tck;

import java.io.ByteArrayOutputStream;

/** Integers in LEB128 form (WebAssembly core specification, 5.2.2). */
final class Leb {
    private Leb() { }

    static byte[] unsigned(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        return out.toByteArray();
    }

    static byte[] signed(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int rest = value;
        while (rest < -0x40 || rest > 0x3F) {
            out.write(rest & 0x7F | 0x80);
            rest >>= 7;
        }
        out.write(rest & 0x7F);
        return out.toByteArray();
    }
}
