package org.ashlar.chicory;

import java.io.ByteArrayOutputStream;
import java.util.Set;

/** Cuts a valid module's binary form down to what is needed once its code is compiled. */
final class ModuleBinary {
    private static final int HEADER = 8;
    private static final int CUSTOM = 0;
    private static final int CODE = 10;
    /** A body of three bytes: no locals, {@code unreachable}, {@code end}. */
    private static final byte[] TRAP = {3, 0, 0x00, 0x0B};

    private final byte[] module;
    private int at;

    private ModuleBinary(byte[] module) {
        this.module = module;
    }

    /**
     * The module without custom sections, and with bodies that trap in place of all but a few: parsed, it takes a
     * small part of the heap that the whole takes.
     *
     * @param module a module that has been validated
     * @param keep   the bodies to keep, by their place in the code section
     */
    static byte[] withoutCode(byte[] module, Set<Integer> keep) {
        return new ModuleBinary(module).strip(keep);
    }

    private byte[] strip(Set<Integer> keep) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(module.length / 4);
        out.write(module, 0, HEADER);
        at = HEADER;
        while (at < module.length) {
            int start = at;
            int section = module[at++];
            int size = readU32();
            int end = at + size;
            if (section == CODE) {
                byte[] code = stripCode(keep);
                out.write(CODE);
                writeU32(out, code.length);
                out.writeBytes(code);
            } else if (section != CUSTOM) {
                out.write(module, start, end - start);
            }
            at = end;
        }
        return out.toByteArray();
    }

    private byte[] stripCode(Set<Integer> keep) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = readU32();
        writeU32(out, count);
        for (int i = 0; i < count; i++) {
            int start = at;
            int size = readU32();
            at += size;
            if (keep.contains(i)) {
                out.write(module, start, at - start);
            } else {
                out.writeBytes(TRAP);
            }
        }
        return out.toByteArray();
    }

    private int readU32() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = module[at++];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
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
