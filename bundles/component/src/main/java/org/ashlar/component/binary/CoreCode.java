package org.ashlar.component.binary;

/**
 * Walks over the instructions of core WebAssembly (3.0, and the older exception handling and threads proposals) and points
 * out the type indices in them. It checks nothing but that it can find its way.
 */
final class CoreCode {
    /** Told where type indices stand. */
    interface TypeUse {
        /**
         * @param start  position of the number's first byte
         * @param end    position after its last
         * @param signed whether it is written as a signed number of 33 bits
         */
        void at(int start, int end, int index, boolean signed);
    }

    private static final TypeUse NONE = (_, _, _, _) -> { };

    private final ByteReader in;
    private final TypeUse use;

    CoreCode(ByteReader in, TypeUse use) {
        this.in = in;
        this.use = use;
    }

    /** Skips an expression, its {@code end} included. */
    static void skipExpression(ByteReader in) {
        new CoreCode(in, NONE).expression();
    }

    /** Walks over an expression, its {@code end} included. */
    void expression() {
        int depth = 0;
        while (true) {
            int opcode = in.octet();
            switch (opcode) {
                case 0x02, 0x03, 0x04, 0x06 -> {
                    blockType();
                    depth++;
                }
                case 0x1f -> {
                    tryTable();
                    depth++;
                }
                case 0x18 -> {
                    in.u32();
                    depth--;
                }
                case 0x0b -> {
                    if (depth-- == 0) {
                        return;
                    }
                }
                default -> instruction(opcode);
            }
        }
    }

    private void instruction(int opcode) {
        switch (opcode) {
            case 0x07, 0x08, 0x09, 0x0c, 0x0d, 0x10, 0x12, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40,
                    0xd2, 0xd5, 0xd6 -> in.u32();
            case 0x0e -> branchTable();
            case 0x11, 0x13 -> {
                typeIndex();
                in.u32();
            }
            case 0x14, 0x15 -> typeIndex();
            case 0x1c -> valueTypes();
            case 0x41 -> in.signed(32);
            case 0x42 -> in.signed(64);
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case 0xd0 -> heapType();
            case 0xfb -> aggregate(in.u32());
            case 0xfc -> bulk(in.u32());
            case 0xfd -> vector(in.u32());
            case 0xfe -> atomic(in.u32());
            default -> plain(opcode);
        }
    }

    private void plain(int opcode) {
        if (opcode >= 0x28 && opcode <= 0x3e) {
            memoryArgument();
        } else if (!(opcode >= 0x45 && opcode <= 0xc4 || opcode == 0x00 || opcode == 0x01 || opcode == 0x05 || opcode == 0x0a
                || opcode == 0x0f || opcode == 0x19 || opcode == 0x1a || opcode == 0x1b
                || opcode == 0xd1 || opcode == 0xd3 || opcode == 0xd4)) {
            throw unknown("0x" + Integer.toHexString(opcode));
        }
    }

    private Rejected unknown(String opcode) {
        return in.malformed("illegal opcode: " + opcode);
    }

    private void branchTable() {
        int labels = in.count("labels", Limits.CORE_ITEMS);
        for (int i = 0; i <= labels; i++) {
            in.u32();
        }
    }

    private void tryTable() {
        blockType();
        int clauses = in.count("catch clauses", Limits.CORE_ITEMS);
        for (int i = 0; i < clauses; i++) {
            int kind = in.octet();
            if (kind > 3) {
                throw in.badByte(kind, "a catch clause");
            }
            if (kind <= 1) {
                in.u32();
            }
            in.u32();
        }
    }

    private void memoryArgument() {
        int alignment = in.u32();
        if ((alignment & 0x40) != 0) {
            in.u32();
        }
        in.u64();
    }

    private void typeIndex() {
        int start = in.position();
        int index = in.index();
        use.at(start, in.position(), index, false);
    }

    /** A block type: nothing, a value type, or a type index, told apart by the sign. */
    private void blockType() {
        int first = in.peek();
        if (first == 0x40) {
            in.octet();
        } else if (first >= 0x62 && first <= 0x7f) {
            valueType();
        } else {
            signedIndex();
        }
    }

    void valueType() {
        int code = in.octet();
        if (code == 0x63 || code == 0x64) {
            heapType();
        }
    }

    private void valueTypes() {
        int count = in.count("value types", Limits.CORE_ITEMS);
        for (int i = 0; i < count; i++) {
            valueType();
        }
    }

    private void heapType() {
        signedIndex();
    }

    private void signedIndex() {
        int start = in.position();
        long value = in.signed(33);
        if (value >= 0) {
            use.at(start, in.position(), (int) Math.min(value, Integer.MAX_VALUE), true);
        }
    }

    private void aggregate(int opcode) {
        switch (opcode) {
            case 0, 1, 6, 7, 11, 12, 13, 14, 16 -> typeIndex();
            case 2, 3, 4, 5, 8, 9, 10, 18, 19 -> {
                typeIndex();
                in.u32();
            }
            case 17 -> {
                typeIndex();
                typeIndex();
            }
            case 20, 21, 22, 23 -> heapType();
            case 24, 25 -> {
                in.octet();
                in.u32();
                heapType();
                heapType();
            }
            case 15, 26, 27, 28, 29, 30 -> { }
            default -> throw unknown("0xfb " + opcode);
        }
    }

    private void bulk(int opcode) {
        switch (opcode) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> { }
            case 9, 11, 13, 15, 16, 17 -> in.u32();
            case 8, 10, 12, 14 -> {
                in.u32();
                in.u32();
            }
            default -> throw unknown("0xfc " + opcode);
        }
    }

    private void vector(int opcode) {
        if (opcode >= 0 && opcode <= 11 || opcode == 92 || opcode == 93) {
            memoryArgument();
        } else if (opcode == 12 || opcode == 13) {
            in.skip(16);
        } else if (opcode >= 21 && opcode <= 34) {
            in.octet();
        } else if (opcode >= 84 && opcode <= 91) {
            memoryArgument();
            in.octet();
        } else if (opcode < 0 || opcode > 0x113) {
            throw unknown("0xfd " + opcode);
        }
    }

    private void atomic(int opcode) {
        if (opcode == 3) {
            in.octet();
        } else {
            memoryArgument();
        }
    }
}
