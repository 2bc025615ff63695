package org.ashlar.component;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes the code of one record or variant out: no loop over its parts, no array between them and a host's object, and each
 * part's codec a constant, so that HotSpot inlines a whole value into one piece of machine code. Does what {@link RecordCodec} and
 * {@link VariantCodec} do, which remain for types of more parts than are worth writing out.
 * <p>
 * The classes are hidden, and belong to the codec: they are unloaded with it.
 */
final class CodecGenerator {
    /** The most fields or cases; twenty fields are about what HotSpot inlines. */
    static final int MOST_PARTS = 32;
    /** The most classes for one component, some 5 KiB each; what is beyond is composed. */
    static final int MOST_CLASSES = 500;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassDesc CODEC = desc(Codec.class);
    private static final ClassDesc HANDLE = desc(MethodHandle.class);
    private static final ClassDesc OBJECTS = CD_Object.arrayType();
    private static final ClassDesc FLAT = ClassDesc.ofDescriptor("[J");
    private static final MethodTypeDesc NEW = MethodTypeDesc.of(CD_void, CD_int, CD_int, CD_int);

    /** The four ways of a codec, and where its parameters are. */
    private enum Way {
        LOAD(CD_Object, false, CD_int), STORE(CD_void, true, CD_int),
        LIFT(CD_Object, false, FLAT, CD_int), LOWER(CD_void, true, FLAT, CD_int);

        private static final int ABI = 1;
        private static final int CALL = 2;
        static final int VALUE = 3;

        final boolean takesValue;
        final MethodTypeDesc type;
        /** Of the address, or of the index in the core values. */
        final int place;
        /** The first slot that is free. */
        final int free;

        Way(ClassDesc result, boolean takesValue, ClassDesc... place) {
            List<ClassDesc> parameters = new ArrayList<>(List.of(desc(Abi.class), desc(Call.class)));
            if (takesValue) {
                parameters.add(CD_Object);
            }
            parameters.addAll(List.of(place));
            this.type = MethodTypeDesc.of(result, parameters);
            this.takesValue = takesValue;
            this.place = parameters.size();
            this.free = this.place + 1;
        }

        boolean isFlat() {
            return this == LIFT || this == LOWER;
        }

        String method() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Codec plan;
    private final List<Object> constants = new ArrayList<>();

    private CodecGenerator(Codec plan) {
        this.plan = plan;
    }

    static Codec record(RecordCodec plan, Optional<Shapes.Shape.OfRecord> shape) {
        CodecGenerator generator = new CodecGenerator(plan);
        return generator.make(way -> code -> shape.ifPresentOrElse(
                given -> generator.shapedRecord(plan, given, way, code), () -> generator.plainRecord(plan, way, code)));
    }

    static Codec variant(VariantCodec plan, Optional<Shapes.Shape.OfVariant> shape) {
        CodecGenerator generator = new CodecGenerator(plan);
        return generator.make(way -> code -> generator.variant(plan, shape, way, code));
    }

    private interface Body {
        Consumer<CodeBuilder> of(Way way);
    }

    private Codec make(Body body) {
        byte[] file = ClassFile.of().build(ClassDesc.of(Codec.class.getPackageName(), "Straight"), type -> {
            type.withSuperclass(CODEC).withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
            constructor(type);
            for (Way way : Way.values()) {
                type.withMethodBody(way.method(), way.type, 0, body.of(way));
            }
        });
        try {
            MethodHandles.Lookup made = LOOKUP.defineHiddenClassWithClassData(file, List.copyOf(constants), true);
            return (Codec) made.findConstructor(made.lookupClass(),
                    MethodType.methodType(void.class, int.class, int.class, int.class))
                    .invoke(plan.size, plan.alignment, plan.flatCount);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a generated class cannot be used", e);
        }
    }

    private static void constructor(ClassBuilder type) {
        type.withMethodBody(ConstantDescs.INIT_NAME, NEW, 0, code -> code.aload(0).iload(1).iload(2).iload(3)
                .invokespecial(CODEC, ConstantDescs.INIT_NAME, NEW).return_());
    }

    // --- records

    private void plainRecord(RecordCodec record, Way way, CodeBuilder code) {
        int fields = record.fieldCount();
        if (way.takesValue) {
            code.aload(Way.VALUE).loadConstant(fields)
                    .invokestatic(desc(RecordCodec.class), "values", MethodTypeDesc.of(OBJECTS, CD_Object, CD_int))
                    .astore(way.free);
            for (int i = 0; i < fields; i++) {
                int index = i;
                field(record, i, way, code, () -> code.aload(way.free).loadConstant(index).aaload());
            }
            code.return_();
        } else {
            code.loadConstant(fields).anewarray(CD_Object);
            for (int i = 0; i < fields; i++) {
                code.dup().loadConstant(i);
                field(record, i, way, code, () -> { });
                code.aastore();
            }
            code.areturn();
        }
    }

    private void shapedRecord(RecordCodec record, Shapes.Shape.OfRecord shape, Way way, CodeBuilder code) {
        int fields = record.fieldCount();
        if (way.takesValue) {
            for (int i = 0; i < fields; i++) {
                MethodHandle accessor = shape.accessors().get(i);
                field(record, i, way, code, () -> get(accessor, code));
            }
            code.return_();
        } else if (shape.maker().isEmpty()) {
            onlyLowered(code);
        } else {
            constant(shape.maker().get().asType(MethodType.genericMethodType(fields)), HANDLE, code);
            for (int i = 0; i < fields; i++) {
                field(record, i, way, code, () -> { });
            }
            code.invokevirtual(HANDLE, "invokeExact", MethodType.genericMethodType(fields).describeConstable().orElseThrow())
                    .areturn();
        }
    }

    private void field(RecordCodec record, int index, Way way, CodeBuilder code, Runnable value) {
        part(record.field(index), way, way.isFlat() ? record.flatOffset(index) : record.offset(index), code, value);
    }

    // --- variants

    private void variant(VariantCodec variant, Optional<Shapes.Shape.OfVariant> shape, Way way, CodeBuilder code) {
        if (shape.isPresent() && !way.takesValue) {
            onlyLowered(code);
            return;
        }
        int tag = way.free;
        constant(variant, desc(VariantCodec.class), code);
        if (way.takesValue) {
            shape.ifPresentOrElse(given -> {
                constant(given.tag(), HANDLE, code);
                code.aload(Way.VALUE).invokevirtual(HANDLE, "invokeExact", MethodTypeDesc.of(CD_int, CD_Object));
            }, () -> {
                constant(variant, desc(VariantCodec.class), code);
                code.aload(Way.VALUE).invokevirtual(desc(VariantCodec.class), "tag", MethodTypeDesc.of(CD_int, CD_Object));
            });
        }
        // the discriminant, read or written, and checked
        code.aload(Way.ABI);
        if (way.isFlat()) {
            code.aload(way.place - 1);
        }
        code.iload(way.place).invokevirtual(desc(VariantCodec.class), way.method() + "Tag", tagType(way)).istore(tag);
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < variant.caseCount(); i++) {
            cases.add(SwitchCase.of(i, code.newLabel()));
        }
        if (cases.size() > 1) {
            code.iload(tag).tableswitch(cases.getLast().target(), cases.subList(0, cases.size() - 1));
        }
        for (SwitchCase each : cases) {
            code.labelBinding(each.target());
            oneCase(variant, each.caseValue(), shape, way, code);
        }
    }

    private static MethodTypeDesc tagType(Way way) {
        List<ClassDesc> parameters = new ArrayList<>();
        if (way.takesValue) {
            parameters.add(CD_int);
        }
        parameters.add(desc(Abi.class));
        if (way.isFlat()) {
            parameters.add(FLAT);
        }
        parameters.add(CD_int);
        return MethodTypeDesc.of(CD_int, parameters);
    }

    private void oneCase(VariantCodec variant, int index, Optional<Shapes.Shape.OfVariant> shape, Way way, CodeBuilder code) {
        int offset = way.isFlat() ? 1 : variant.payloadOffset();
        if (way.takesValue) {
            part(variant.payloadCodec(index), way, offset, code, () -> shape.ifPresentOrElse(
                    given -> given.payloads().get(index).ifPresentOrElse(accessor -> get(accessor, code), code::aconst_null),
                    () -> {
                        constant(variant, desc(VariantCodec.class), code);
                        code.aload(Way.VALUE).invokevirtual(desc(VariantCodec.class), "payload",
                                MethodTypeDesc.of(CD_Object, CD_Object));
                    }));
            code.return_();
        } else {
            constant(variant, desc(VariantCodec.class), code);
            code.loadConstant(index);
            part(variant.payloadCodec(index), way, offset, code, () -> { });
            code.invokevirtual(desc(VariantCodec.class), "make", MethodTypeDesc.of(CD_Object, CD_int, CD_Object)).areturn();
        }
    }

    // --- what both are made of

    /** Calls the codec of a part. @param value pushes what it is to take, if it takes a value */
    private void part(Codec codec, Way way, int offset, CodeBuilder code, Runnable value) {
        constant(codec, CODEC, code);
        code.aload(Way.ABI).aload(Way.CALL);
        value.run();
        if (way.isFlat()) {
            code.aload(way.place - 1);
        }
        code.iload(way.place);
        if (offset != 0) {
            code.loadConstant(offset).iadd();
        }
        code.invokevirtual(CODEC, way.method(), way.type);
    }

    private void get(MethodHandle accessor, CodeBuilder code) {
        constant(accessor.asType(MethodType.genericMethodType(1)), HANDLE, code);
        code.aload(Way.VALUE).invokevirtual(HANDLE, "invokeExact", MethodTypeDesc.of(CD_Object, CD_Object));
    }

    private void onlyLowered(CodeBuilder code) {
        constant(plan, CODEC, code);
        code.invokestatic(desc(CodecGenerator.class), "onlyLowered", MethodTypeDesc.of(CD_Object, CODEC)).areturn();
    }

    static Object onlyLowered(Codec codec) {
        throw new IllegalStateException("the shape of this type is for values that go to guests: " + codec);
    }

    private void constant(Object value, ClassDesc type, CodeBuilder code) {
        code.ldc(DynamicConstantDesc.ofNamed(ConstantDescs.ofConstantBootstrap(desc(MethodHandles.class), "classDataAt",
                CD_Object, CD_int), ConstantDescs.DEFAULT_NAME, type, constants.size()));
        constants.add(value);
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
