package org.ashlar.component;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.component.binary.Definition.StringEncoding;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;

/** Makes the {@link Codec}s of one component's types, in one string encoding. */
final class CodecCompiler {
    private final Map<ResourceType, Integer> slots;
    private final Codec string;
    /** By identity: a type that occurs often is one object, and comparing types walks through them. */
    private final Map<ValueType, Codec> made = new IdentityHashMap<>();

    CodecCompiler(Map<ResourceType, Integer> slots, StringEncoding encoding) {
        this.slots = slots;
        this.string = StringCodec.of(encoding);
    }

    Signature signature(FuncType type) {
        List<Codec> parameters = type.parameters().stream().map(parameter -> codec(parameter.type())).toList();
        return new Signature(type, RecordCodec.of(parameters), type.result().map(this::codec));
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
        return switch (type) {
            case Primitive primitive -> primitive == Primitive.STRING ? string : PrimitiveCodec.of(primitive);
            case ValueType.ListOf(var element, var length) when length.isPresent() ->
                    new SequenceCodec(codec(element), length.getAsInt(), element == Primitive.U8);
            case ValueType.ListOf(var element, _) ->
                    element == Primitive.U8 ? ListCodec.ofBytes() : ListCodec.of(codec(element));
            case ValueType.MapOf(var key, var value) -> ListCodec.of(RecordCodec.of(List.of(codec(key), codec(value))));
            case ValueType.Record(var fields) -> RecordCodec.of(fields.stream().map(field -> codec(field.type())).toList());
            case ValueType.Tuple(var elements) -> RecordCodec.of(elements.stream().map(this::codec).toList());
            case ValueType.Variant(var cases) ->
                    VariantCodec.variant(cases.stream().map(c -> payload(c.payload())).toList());
            case ValueType.Enum(var cases) -> EnumCodec.of(cases.size());
            case ValueType.Flags(var labels) -> FlagsCodec.of(labels.size());
            case ValueType.Option(var value) -> VariantCodec.option(codec(value));
            case ValueType.Result(var ok, var error) -> VariantCodec.result(payload(ok), payload(error));
            case ValueType.Own(var resource) -> new HandleCodec(slots.get(resource), true);
            case ValueType.Borrow(var resource) -> new HandleCodec(slots.get(resource), false);
            case ValueType.Stream _, ValueType.Future _ ->
                    throw new IllegalStateException("validation lets no asynchronous type through");
        };
    }

    private Codec payload(Optional<ValueType> type) {
        return type.map(this::codec).orElse(VariantCodec.NoPayload.CODEC);
    }
}
