package org.ashlar.wasm;

import java.io.ByteArrayOutputStream;
import java.util.Set;

/** Cuts a valid module's binary form down to what is needed once its code is compiled. */
public final class ModuleBinary {
    private static final int HEADER = 8;
    private static final int CUSTOM = 0;
    private static final int CODE = 10;
    /** A body of three bytes: no locals, {@code unreachable}, {@code end}. */
    private static final byte[] TRAP = {3, 0, 0x00, 0x0B};

    private ModuleBinary() { }

    /**
     * The module without custom sections, and with bodies that trap in place of all but a few: parsed, it takes a
     * small part of the heap that the whole takes.
     *
     * @param module a module that has been validated
     * @param keep   the bodies to keep, by their place in the code section
     */
    public static byte[] withoutCode(byte[] module, Set<Integer> keep) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(module.length / 4);
        out.write(module, 0, HEADER);
        BinaryReader in = new BinaryReader(module, HEADER, module.length);
        while (!in.atEnd()) {
            int start = in.position();
            int id = in.u8();
            BinaryReader section = in.part(in.u32());
            if (id == CODE) {
                byte[] code = stripCode(module, section, keep);
                out.write(CODE);
                writeU32(out, code.length);
                out.writeBytes(code);
            } else if (id != CUSTOM) {
                out.write(module, start, in.position() - start);
            }
        }
        return out.toByteArray();
    }

    private static byte[] stripCode(byte[] module, BinaryReader section, Set<Integer> keep) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = section.count();
        writeU32(out, count);
        for (int i = 0; i < count; i++) {
            int start = section.position();
            section.skip(section.u32());
            if (keep.contains(i)) {
                out.write(module, start, section.position() - start);
            } else {
                out.writeBytes(TRAP);
            }
        }
        return out.toByteArray();
    }

    private static void writeU32(ByteArrayOutputStream out, int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
