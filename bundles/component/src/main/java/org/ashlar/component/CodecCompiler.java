package org.ashlar.component;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.ashlar.component.CodecPool.Key;
import org.ashlar.component.Shapes.Shape;
import org.ashlar.component.binary.Definition.StringEncoding;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;

/** Makes the {@link Codec}s of one component's types, in one string encoding and in a host's shapes. For one thread. */
final class CodecCompiler {
    private final Map<ResourceType, Integer> slots;
    private final StringEncoding encoding;
    private final Shapes shapes;
    /** Classes that may still be generated for the component, with all those in it. */
    private final AtomicInteger classes;
    /** By identity: a type that occurs often is one object, and comparing types walks through them. */
    private final Map<ValueType, Codec> made = new IdentityHashMap<>();

    /** @param classes how many classes may be generated, but for those of a host's shapes; the rest is composed */
    CodecCompiler(Map<ResourceType, Integer> slots, StringEncoding encoding, Shapes shapes, AtomicInteger classes) {
        this.slots = slots;
        this.encoding = encoding;
        this.shapes = shapes;
        this.classes = classes;
    }

    /** Of the parameters of a function: an array. */
    Codec parameters(List<ValueType> types) {
        return record(types, Optional.empty());
    }

    Codec codec(ValueType type) {
        Codec codec = made.get(type);
        if (codec == null) {
            codec = compile(type);
            made.put(type, codec);
        }
        return codec;
    }

    private Codec compile(ValueType type) {
        Optional<Shape> shape = shapes.of(type);
        return switch (type) {
            case Primitive primitive ->
                    primitive == Primitive.STRING ? StringCodec.of(encoding) : PrimitiveCodec.of(primitive);
            case ValueType.ListOf(var element, var length) when length.isPresent() ->
                    new SequenceCodec(codec(element), length.getAsInt(), element == Primitive.U8);
            case ValueType.ListOf(var element, _) -> element == Primitive.U8 ? ListCodec.BYTES : list(codec(element));
            case ValueType.MapOf(var key, var value) -> list(record(List.of(key, value), Optional.empty()));
            case ValueType.Record(var fields) ->
                    record(fields.stream().map(ValueType.Record.Field::type).toList(), shape);
            case ValueType.Tuple(var elements) -> record(elements, shape);
            case ValueType.Variant(var cases) -> variant("variant", cases.stream().map(c -> payload(c.payload())).toList(), shape);
            case ValueType.Enum(var cases) -> pooled("enum", List.of(cases.size()), () -> EnumCodec.of(cases.size()));
            case ValueType.Flags(var labels) -> pooled("flags", List.of(labels.size()), () -> FlagsCodec.of(labels.size()));
            case ValueType.Option(var value) -> variant("option", List.of(VariantCodec.NoPayload.CODEC, codec(value)), shape);
            case ValueType.Result(var ok, var error) -> variant("result", List.of(payload(ok), payload(error)), shape);
            case ValueType.Own(var resource) -> handle(slots.get(resource), true);
            case ValueType.Borrow(var resource) -> handle(slots.get(resource), false);
            case ValueType.Stream _, ValueType.Future _ ->
                    throw new IllegalStateException("validation lets no asynchronous type through");
        };
    }

    private Codec payload(Optional<ValueType> type) {
        return type.map(this::codec).orElse(VariantCodec.NoPayload.CODEC);
    }

    private Codec handle(int slot, boolean owned) {
        return pooled("handle", List.of(slot, owned), () -> new HandleCodec(slot, owned));
    }

    private Codec list(Codec element) {
        return pooled("list", List.of(element), () -> ListCodec.of(element));
    }

    private Codec record(List<ValueType> types, Optional<Shape> given) {
        Optional<Shape.OfRecord> shape = given.map(Shape.OfRecord.class::cast);
        List<Codec> fields = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            int index = i;
            boolean unboxed = shape.filter(each -> each.fieldClass(index) == OptionalLong.class).isPresent();
            fields.add(unboxed ? OptionalLongCodec.CODEC : codec(types.get(i)));
        }
        RecordCodec plan = RecordCodec.of(fields);
        return isWrittenOut(fields, shape)
                ? pooled("record", List.of(fields, shape), () -> counted(CodecGenerator.record(plan, shape))) : plan;
    }

    private Codec variant(String kind, List<Codec> cases, Optional<Shape> given) {
        Optional<Shape.OfVariant> shape = given.map(Shape.OfVariant.class::cast);
        VariantCodec plan = switch (kind) {
            case "option" -> VariantCodec.option(cases.get(1));
            case "result" -> VariantCodec.result(cases.get(0), cases.get(1));
            default -> VariantCodec.variant(cases);
        };
        return isWrittenOut(cases, shape)
                ? pooled(kind, List.of(cases, shape), () -> counted(CodecGenerator.variant(plan, shape))) : plan;
    }

    private boolean isWrittenOut(List<Codec> parts, Optional<?> shape) {
        return parts.size() <= CodecGenerator.MOST_PARTS && (shape.isPresent() || classes.get() > 0);
    }

    private Codec counted(Codec generated) {
        classes.decrementAndGet();
        return generated;
    }

    private Codec pooled(String kind, List<?> parts, Supplier<Codec> maker) {
        return shapes.pool.get(new Key(kind, parts), maker);
    }
}
