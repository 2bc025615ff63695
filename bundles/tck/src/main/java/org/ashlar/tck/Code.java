package org.ashlar.tck;

import java.io.ByteArrayOutputStream;

/** The body of a function under construction; {@code end} is added when it goes into a {@link CoreModule}. */
public final class Code {
    public static final int UNREACHABLE = 0x00;
    public static final int END = 0x0B;
    public static final int RETURN = 0x0F;
    public static final int DROP = 0x1A;
    public static final int I32_LOAD = 0x28;
    public static final int I64_LOAD = 0x29;
    public static final int I32_LOAD8_U = 0x2D;
    public static final int I32_STORE = 0x36;
    public static final int I64_STORE = 0x37;
    public static final int I32_STORE8 = 0x3A;
    public static final int I32_EQZ = 0x45;
    public static final int I32_LT_S = 0x48;
    public static final int I32_LT_U = 0x49;
    public static final int I32_ADD = 0x6A;
    public static final int I32_SUB = 0x6B;
    public static final int I32_DIV_S = 0x6D;
    public static final int I32_REM_U = 0x70;
    public static final int I64_ADD = 0x7C;
    public static final int F64_MUL = 0xA2;
    public static final int I32_TRUNC_F64_S = 0xAA;
    public static final int I64_EXTEND_I32_S = 0xAC;

    private static final int LOOP = 0x03;
    private static final int IF = 0x04;
    private static final int BR = 0x0C;
    private static final int BR_IF = 0x0D;
    private static final int CALL = 0x10;
    private static final int CALL_INDIRECT = 0x11;
    private static final int RETURN_CALL = 0x12;
    private static final int F32_CONST = 0x43;
    private static final int F64_CONST = 0x44;
    private static final int LOCAL_GET = 0x20;
    private static final int LOCAL_SET = 0x21;
    private static final int GLOBAL_GET = 0x23;
    private static final int GLOBAL_SET = 0x24;
    private static final int MEMORY_SIZE = 0x3F;
    private static final int MEMORY_GROW = 0x40;
    private static final int I32_CONST = 0x41;
    private static final int REF_NULL = 0xD0;
    private static final int BULK = 0xFC;
    private static final int MEMORY_INIT = 8;
    private static final int DATA_DROP = 9;
    private static final int MEMORY_COPY = 10;
    private static final int MEMORY_FILL = 11;
    private static final int TABLE_GROW = 15;
    private static final int THROW = 0x08;
    private static final int FUNCREF = 0x70;
    private static final int EMPTY_BLOCK = 0x40;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Code() { }

    public static Code code() {
        return new Code();
    }

    /** An instruction without immediates. */
    public Code op(int opcode) {
        out.write(opcode);
        return this;
    }

    public Code i32(int value) {
        out.write(I32_CONST);
        return signed(value);
    }

    /** @param bits of the number */
    public Code f32(int bits) {
        op(F32_CONST);
        for (int i = 0; i < Integer.BYTES; i++) {
            out.write(bits >>> Byte.SIZE * i);
        }
        return this;
    }

    /** @param bits of the number */
    public Code f64(long bits) {
        op(F64_CONST);
        for (int i = 0; i < Long.BYTES; i++) {
            out.write((int) (bits >>> Byte.SIZE * i));
        }
        return this;
    }

    public Code get(int local) {
        return op(LOCAL_GET).unsigned(local);
    }

    public Code set(int local) {
        return op(LOCAL_SET).unsigned(local);
    }

    public Code globalGet(int global) {
        return op(GLOBAL_GET).unsigned(global);
    }

    public Code globalSet(int global) {
        return op(GLOBAL_SET).unsigned(global);
    }

    public Code call(int function) {
        return op(CALL).unsigned(function);
    }

    public Code returnCall(int function) {
        return op(RETURN_CALL).unsigned(function);
    }

    public Code callIndirect(int type, int table) {
        return op(CALL_INDIRECT).unsigned(type).unsigned(table);
    }

    public Code loop() {
        return op(LOOP).op(EMPTY_BLOCK);
    }

    /** An {@code if} that neither takes nor leaves values. */
    public Code ifEmpty() {
        return op(IF).op(EMPTY_BLOCK);
    }

    public Code append(Code other) {
        out.writeBytes(other.bytes());
        return this;
    }

    public Code branch(int depth) {
        return op(BR).unsigned(depth);
    }

    public Code branchIf(int depth) {
        return op(BR_IF).unsigned(depth);
    }

    /** A load or store of the first memory, aligned to single bytes. */
    public Code access(int opcode, int offset) {
        return op(opcode).unsigned(0).unsigned(offset);
    }

    public Code memorySize() {
        return op(MEMORY_SIZE).unsigned(0);
    }

    public Code memoryGrow() {
        return op(MEMORY_GROW).unsigned(0);
    }

    public Code memoryInit(int segment) {
        return op(BULK).unsigned(MEMORY_INIT).unsigned(segment).unsigned(0);
    }

    public Code dataDrop(int segment) {
        return op(BULK).unsigned(DATA_DROP).unsigned(segment);
    }

    public Code memoryCopy() {
        return op(BULK).unsigned(MEMORY_COPY).unsigned(0).unsigned(0);
    }

    public Code memoryFill() {
        return op(BULK).unsigned(MEMORY_FILL).unsigned(0);
    }

    public Code tableGrow(int table) {
        return op(BULK).unsigned(TABLE_GROW).unsigned(table);
    }

    public Code nullFunction() {
        return op(REF_NULL).op(FUNCREF);
    }

    public Code throwTag(int tag) {
        return op(THROW).unsigned(tag);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private Code unsigned(int value) {
        out.writeBytes(Leb.unsigned(value));
        return this;
    }

    private Code signed(int value) {
        out.writeBytes(Leb.signed(value));
        return this;
    }
}
