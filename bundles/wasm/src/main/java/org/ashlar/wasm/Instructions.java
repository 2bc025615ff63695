package org.ashlar.wasm;

import org.ashlar.api.wasm.WasmException;

/**
 * Steps through the instructions of a function's body and tells what a rewriter needs to know of each. For bodies that have
 * been validated: of the rest of an instruction it checks only that it can find its end. (WebAssembly core specification 3.0,
 * chapter 5.4, and the older exception handling.)
 */
final class Instructions {
    static final int BLOCK = 0x02;
    static final int LOOP = 0x03;
    static final int IF = 0x04;
    static final int ELSE = 0x05;
    static final int TRY = 0x06;
    static final int CATCH = 0x07;
    static final int THROW = 0x08;
    static final int RETHROW = 0x09;
    static final int THROW_REF = 0x0A;
    static final int END = 0x0B;
    static final int BR = 0x0C;
    static final int RETURN = 0x0F;
    static final int CALL = 0x10;
    static final int CALL_INDIRECT = 0x11;
    static final int RETURN_CALL = 0x12;
    static final int RETURN_CALL_INDIRECT = 0x13;
    static final int CALL_REF = 0x14;
    static final int RETURN_CALL_REF = 0x15;
    static final int DELEGATE = 0x18;
    static final int CATCH_ALL = 0x19;
    static final int TRY_TABLE = 0x1F;
    static final int LOCAL_GET = 0x20;
    static final int LOCAL_SET = 0x21;
    static final int LOCAL_TEE = 0x22;
    static final int GLOBAL_GET = 0x23;
    static final int GLOBAL_SET = 0x24;
    static final int I32_CONST = 0x41;
    static final int I32_LT_S = 0x48;
    static final int I32_SUB = 0x6B;
    static final int I32_SHR_U = 0x76;
    static final int REF_NULL = 0xD0;
    static final int REF_FUNC = 0xD2;
    private static final int AGGREGATE = 0xFB;
    private static final int BULK = 0xFC;
    private static final int VECTOR = 0xFD;

    private final BinaryReader in;
    private int opcode;
    private int sub;
    private int start;
    private int indexStart;
    private int index;

    Instructions(BinaryReader in) {
        this.in = in;
    }

    /** Reads the next instruction. */
    void next() {
        start = in.position();
        opcode = in.u8();
        sub = 0;
        index = -1;
        immediates();
    }

    /** The first byte. */
    int opcode() {
        return opcode;
    }

    /** Position of the first byte, and of the one behind the last. */
    int start() {
        return start;
    }

    int end() {
        return in.position();
    }

    /** The function that {@code call}, {@code return_call} and {@code ref.func} name, and where its number begins. */
    int function() {
        return index;
    }

    int functionStart() {
        return indexStart;
    }

    boolean namesFunction() {
        return opcode == CALL || opcode == RETURN_CALL || opcode == REF_FUNC;
    }

    boolean opensBlock() {
        return opcode == BLOCK || opcode == LOOP || opcode == IF || opcode == TRY || opcode == TRY_TABLE;
    }

    boolean closesBlock() {
        return opcode == END || opcode == DELEGATE;
    }

    boolean catches() {
        return opcode == TRY || opcode == TRY_TABLE;
    }

    boolean throwsException() {
        return opcode == THROW || opcode == RETHROW || opcode == THROW_REF;
    }

    boolean calls() {
        return opcode == CALL || opcode == CALL_INDIRECT || opcode == CALL_REF;
    }

    boolean callsInstead() {
        return opcode == RETURN_CALL || opcode == RETURN_CALL_INDIRECT || opcode == RETURN_CALL_REF;
    }

    /** Whether it works through as many bytes or elements as the number on top of the stack says. */
    boolean worksThroughMany() {
        return switch (opcode) {
            // memory.init, copy and fill; table.init, copy, grow and fill
            case BULK -> sub == 8 || sub == 10 || sub == 11 || sub == 12 || sub == 14 || sub == 15 || sub == 17;
            // array.new, with default values, from data and elements; array.fill, copy, init from data and elements
            case AGGREGATE -> sub == 6 || sub == 7 || sub == 9 || sub == 10 || sub >= 16 && sub <= 19;
            default -> false;
        };
    }

    // --- immediates

    private void immediates() {
        switch (opcode) {
            case BLOCK, LOOP, IF, TRY -> blockType();
            case TRY_TABLE -> tryTable();
            case CALL, RETURN_CALL, REF_FUNC -> {
                indexStart = in.position();
                index = in.u32();
            }
            case CATCH, THROW, RETHROW, BR, 0x0D, DELEGATE, CALL_REF, RETURN_CALL_REF, LOCAL_GET, LOCAL_SET, LOCAL_TEE,
                    GLOBAL_GET, GLOBAL_SET, 0x25, 0x26, 0x3F, 0x40, 0xD5, 0xD6 -> in.u32();
            case 0x0E -> {
                for (int i = in.count(); i >= 0; i--) {
                    in.u32();
                }
            }
            case CALL_INDIRECT, RETURN_CALL_INDIRECT -> {
                in.u32();
                in.u32();
            }
            case 0x1C -> {
                for (int i = in.count(); i > 0; i--) {
                    in.skipValueType();
                }
            }
            case I32_CONST, 0x42, REF_NULL -> in.skipInteger();
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case AGGREGATE -> aggregate();
            case BULK -> bulk();
            case VECTOR -> throw vectors();
            default -> plain();
        }
    }

    private void plain() {
        if (opcode >= 0x28 && opcode <= 0x3E) {
            memoryArgument();
        } else if (!(opcode >= 0x45 && opcode <= 0xC4 || opcode == 0x00 || opcode == 0x01 || opcode == ELSE
                || opcode == THROW_REF || opcode == END || opcode == RETURN || opcode == CATCH_ALL || opcode == 0x1A
                || opcode == 0x1B || opcode == 0xD1 || opcode == 0xD3 || opcode == 0xD4)) {
            throw illegal("0x" + Integer.toHexString(opcode));
        }
    }

    private static WasmException illegal(String opcode) {
        return new WasmException("illegal opcode " + opcode);
    }

    /** Nothing, a value type or the number of a type; all but references with a heap type are one integer. */
    private void blockType() {
        int first = in.u8();
        if (first == 0x63 || first == 0x64 || first >= 0x80) {
            in.skipInteger();
        }
    }

    private void tryTable() {
        blockType();
        for (int i = in.count(); i > 0; i--) {
            if (in.u8() <= 1) { // catch and catch_ref have a tag
                in.u32();
            }
            in.u32();
        }
    }

    private void memoryArgument() {
        if ((in.u32() & 0x40) != 0) {
            in.u32();
        }
        in.skipInteger();
    }

    private void aggregate() {
        sub = in.u32();
        switch (sub) {
            case 0, 1, 6, 7, 11, 12, 13, 14, 16 -> in.u32();
            case 2, 3, 4, 5, 8, 9, 10, 17, 18, 19 -> {
                in.u32();
                in.u32();
            }
            case 20, 21, 22, 23 -> in.skipInteger();
            case 24, 25 -> {
                in.u8();
                in.u32();
                in.skipInteger();
                in.skipInteger();
            }
            case 15, 26, 27, 28, 29, 30 -> { }
            default -> throw illegal("0xfb " + Integer.toUnsignedString(sub));
        }
    }

    private void bulk() {
        sub = in.u32();
        switch (sub) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> { }
            case 9, 11, 13, 15, 16, 17 -> in.u32();
            case 8, 10, 12, 14 -> {
                in.u32();
                in.u32();
            }
            default -> throw illegal("0xfc " + Integer.toUnsignedString(sub));
        }
    }

    /** What is said of a module that uses vectors: neither Chicory's compiler nor Endive's knows them. */
    static WasmException vectors() {
        return new WasmException("vector instructions (SIMD, v128) are not supported; compile the module without them: in C"
                + " without -msimd128, in Rust without the target feature simd128");
    }
}
