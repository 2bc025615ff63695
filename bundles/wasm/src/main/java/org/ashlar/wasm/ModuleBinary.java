package org.ashlar.wasm;

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
        BinaryWriter out = new BinaryWriter(module.length / 4).copy(module, 0, HEADER);
        BinaryReader in = new BinaryReader(module, HEADER, module.length);
        while (!in.atEnd()) {
            int start = in.position();
            int id = in.u8();
            BinaryReader section = in.part(in.u32());
            if (id == CODE) {
                out.u8(CODE).sized(stripCode(module, section, keep));
            } else if (id != CUSTOM) {
                out.copy(module, start, in.position());
            }
        }
        return out.bytes();
    }

    private static BinaryWriter stripCode(byte[] module, BinaryReader section, Set<Integer> keep) {
        int count = section.count();
        BinaryWriter out = new BinaryWriter(64).u32(count);
        for (int i = 0; i < count; i++) {
            int start = section.position();
            section.skip(section.u32());
            if (keep.contains(i)) {
                out.copy(module, start, section.position());
            } else {
                out.raw(TRAP);
            }
        }
        return out;
    }
}
