package org.ashlar.wasm;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Single reads and writes, written out into a function instead of calls to {@link MemoryAccess}, whose methods say the same in
 * Java. HotSpot stops inlining calls when a function has some number of nodes (18 000, not to be set), and would then call a
 * method for each byte. What is called here it inlines beyond that, too: its own intrinsics, and what its library tells it to.
 */
final class AccessCode {
    /** What an access makes a function longer by, at most; in bytes. */
    static final int GROWTH = 160;

    private static final ClassDesc ACCESS = ClassDesc.of(MemoryAccess.class.getName());
    private static final ClassDesc UNSAFE = ClassDesc.of("sun.misc.Unsafe");
    private static final long UNSIGNED = 0xFFFFFFFFL;
    private static final MethodTypeDesc COMPARE = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final MethodTypeDesc READ_OUTSIDE = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_int, ConstantDescs.CD_Object);
    private static final MethodTypeDesc WRITE_OUTSIDE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_int, ConstantDescs.CD_Object);

    private final CodeBuilder to;
    private final int memory;
    private final int bytes;
    private final int base;
    private final int index;
    private final Map<TypeKind, Integer> values = new EnumMap<>(TypeKind.class);

    /** The locals of a function that have its memory, that memory's array, and the address of the array's first byte. */
    AccessCode(CodeBuilder to, int memory, int bytes, int base) {
        this.to = to;
        this.memory = memory;
        this.bytes = bytes;
        this.base = base;
        this.index = to.allocateLocal(TypeKind.LONG);
    }

    /** Takes address and offset from the stack, and leaves the value. @param width as in {@code Int} */
    void read(String width) {
        TypeKind type = type(width);
        Label outside = to.newLabel();
        Label done = to.newLabel();
        locate(type, outside);
        place();
        to.invokevirtual(UNSAFE, "get" + width, MethodTypeDesc.of(type.upperBound(), ConstantDescs.CD_Object, ConstantDescs.CD_long))
                .goto_(done)
                .labelBinding(outside);
        address();
        to.loadConstant(bytes(type)).aload(memory).invokestatic(ACCESS, "readOutside", READ_OUTSIDE);
        fromBits(type);
        to.labelBinding(done);
    }

    /**
     * Takes address, value and offset from the stack.
     *
     * @param width as in {@code Int}
     * @param moved what is to be done when the array may be another one
     */
    void write(String width, Runnable moved) {
        TypeKind type = type(width);
        int value = values.computeIfAbsent(type.asLoadable(), to::allocateLocal);
        Label outside = to.newLabel();
        Label done = to.newLabel();
        widened();
        to.lstore(index).storeLocal(type.asLoadable(), value);
        locateFrom(type, outside);
        place();
        to.loadLocal(type.asLoadable(), value)
                .invokevirtual(UNSAFE, "put" + width,
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_long, type.upperBound()))
                .goto_(done)
                .labelBinding(outside);
        address();
        to.loadLocal(type.asLoadable(), value);
        toBits(type);
        to.loadConstant(bytes(type)).aload(memory).invokestatic(ACCESS, "writeOutside", WRITE_OUTSIDE);
        moved.run();
        to.labelBinding(done);
    }

    private static TypeKind type(String width) {
        return TypeKind.valueOf(width.toUpperCase(Locale.ROOT));
    }

    private static int bytes(TypeKind type) {
        return switch (type) {
            case BYTE -> Byte.BYTES;
            case SHORT -> Short.BYTES;
            case INT, FLOAT -> Integer.BYTES;
            default -> Long.BYTES;
        };
    }

    /** Goes to {@code outside} unless the value lies in the array. Takes address and offset. */
    private void locate(TypeKind type, Label outside) {
        widened();
        to.lstore(index);
        locateFrom(type, outside);
    }

    /** The same with the offset in {@link #index}. */
    private void locateFrom(TypeKind type, Label outside) {
        widened();
        to.lload(index).ladd().lload(base).lsub().lstore(index)
                .lload(index).aload(bytes).arraylength().i2l();
        if (bytes(type) > 1) {
            to.loadConstant(bytes(type) - 1L).lsub();
        }
        to.invokestatic(ConstantDescs.CD_Long, "compareUnsigned", COMPARE).ifge(outside);
    }

    private void widened() {
        to.i2l().loadConstant(UNSIGNED).land();
    }

    private void place() {
        to.getstatic(ACCESS, "UNSAFE", UNSAFE).aload(bytes)
                .lload(index).getstatic(ACCESS, "FIRST", ConstantDescs.CD_long).ladd();
    }

    /** Address and offset together. */
    private void address() {
        to.lload(index).lload(base).ladd();
    }

    private void fromBits(TypeKind type) {
        switch (type) {
            case BYTE -> to.l2i().i2b();
            case SHORT -> to.l2i().i2s();
            case INT -> to.l2i();
            case FLOAT -> to.l2i().invokestatic(ConstantDescs.CD_Float, "intBitsToFloat",
                    MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_int));
            case DOUBLE -> to.invokestatic(ConstantDescs.CD_Double, "longBitsToDouble",
                    MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_long));
            default -> { }
        }
    }

    private void toBits(TypeKind type) {
        switch (type) {
            case BYTE, SHORT, INT -> to.i2l();
            case FLOAT -> to.invokestatic(ConstantDescs.CD_Float, "floatToRawIntBits",
                    MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_float)).i2l();
            case DOUBLE -> to.invokestatic(ConstantDescs.CD_Double, "doubleToRawLongBits",
                    MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_double));
            default -> { }
        }
    }
}
