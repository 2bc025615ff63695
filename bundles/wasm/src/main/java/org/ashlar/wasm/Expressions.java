package org.ashlar.wasm;

import org.ashlar.api.wasm.WasmException;

/** Steps over constant expressions (WebAssembly core specification, chapters 3.3.10 and 5.4). */
final class Expressions {
    private static final int END = 0x0B;
    private static final int OBJECTS = 0xFB;
    private static final int VECTORS = 0xFD;

    private Expressions() { }

    static void skip(BinaryReader in) {
        for (int opcode = in.u8(); opcode != END; opcode = in.u8()) {
            immediates(opcode, in);
        }
    }

    private static void immediates(int opcode, BinaryReader in) {
        switch (opcode) {
            case 0x41, 0x42 -> in.skipInteger(); // i32.const, i64.const
            case 0x43 -> in.skip(4); // f32.const
            case 0x44 -> in.skip(8); // f64.const
            case 0x23, 0xD0, 0xD2 -> in.skipInteger(); // global.get, ref.null, ref.func
            case 0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E -> { } // add, sub, mul of i32 and i64
            case OBJECTS -> object(in.u32(), in);
            case VECTORS -> {
                in.u32();
                in.skip(16); // v128.const is the only constant one
            }
            default -> throw new WasmException("constant expression required, found opcode 0x"
                    + Integer.toHexString(opcode));
        }
    }

    private static void object(int opcode, BinaryReader in) {
        switch (opcode) {
            case 0, 1, 6, 7 -> in.u32(); // struct.new, array.new, and with default values
            case 8 -> { // array.new_fixed
                in.u32();
                in.u32();
            }
            case 26, 27, 28 -> { } // any.convert_extern, extern.convert_any, ref.i31
            default -> throw new WasmException("constant expression required, found opcode 0xfb " + opcode);
        }
    }
}
