package org.ashlar.component;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;

/** Types of all kinds but resources, and values of them. */
final class RandomTypes {
    private static final String[] TEXTS = {"", "a", "node.os", "grün ☃ 🍰", "x".repeat(100), "\u00ff"};

    private final Random random;

    RandomTypes(Random random) {
        this.random = random;
    }

    /** @param depth how many types may lie within each other */
    ValueType type(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return Primitive.values()[random.nextInt(Primitive.values().length)];
        }
        int parts = random.nextInt(20) == 0 ? 30 + random.nextInt(6) : 1 + random.nextInt(5);
        return switch (random.nextInt(10)) {
            case 0 -> new ValueType.ListOf(type(depth - 1), OptionalInt.empty());
            case 1 -> new ValueType.ListOf(type(depth - 1), OptionalInt.of(1 + random.nextInt(4)));
            case 2 -> new ValueType.MapOf(Primitive.U32, type(depth - 1));
            case 3, 4 -> new ValueType.Record(IntStream.range(0, parts)
                    .mapToObj(i -> new ValueType.Record.Field("f" + i, type(depth - 1))).toList());
            case 5 -> new ValueType.Tuple(types(parts, depth));
            case 6 -> new ValueType.Variant(IntStream.range(0, parts)
                    .mapToObj(i -> new ValueType.Variant.Case("c" + i, perhaps(depth))).toList());
            case 7 -> new ValueType.Option(type(depth - 1));
            case 8 -> new ValueType.Result(perhaps(depth), perhaps(depth));
            default -> random.nextBoolean() ? new ValueType.Enum(labels(1 + random.nextInt(300)))
                    : new ValueType.Flags(labels(1 + random.nextInt(32)));
        };
    }

    private List<ValueType> types(int count, int depth) {
        return Stream.generate(() -> type(depth - 1)).limit(count).toList();
    }

    private Optional<ValueType> perhaps(int depth) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(type(depth - 1));
    }

    private static List<String> labels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "l" + i).toList();
    }

    Object value(ValueType type) {
        return switch (type) {
            case Primitive primitive -> primitive(primitive);
            case ValueType.ListOf(var element, var length) -> list(element, length.orElse(random.nextInt(4)));
            case ValueType.MapOf(var key, var value) -> Stream.generate(() -> new Object[] {value(key), value(value)})
                    .limit(random.nextInt(3)).toList();
            case ValueType.Record(var fields) -> fields.stream().map(field -> value(field.type())).toArray();
            case ValueType.Tuple(var elements) -> elements.stream().map(this::value).toArray();
            case ValueType.Variant(var cases) -> {
                int tag = random.nextInt(cases.size());
                yield new Variant(tag, payload(cases.get(tag).payload()));
            }
            case ValueType.Enum(var cases) -> random.nextInt(cases.size());
            case ValueType.Flags(var labels) -> random.nextLong() & -1L >>> 64 - labels.size();
            case ValueType.Option(var value) -> random.nextBoolean() ? Optional.empty() : Optional.of(value(value));
            case ValueType.Result(var ok, var error) -> random.nextBoolean()
                    ? Result.success(payload(ok)) : Result.error(payload(error));
            default -> throw new IllegalArgumentException("no values are made of " + type);
        };
    }

    private Object payload(Optional<ValueType> type) {
        return type.map(this::value).orElse(Unit.VALUE);
    }

    private Object list(ValueType element, int length) {
        if (element == Primitive.U8) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            elements.add(value(element));
        }
        return elements;
    }

    private Object primitive(Primitive type) {
        return switch (type) {
            case BOOL -> random.nextBoolean();
            case S8 -> random.nextInt(-128, 128);
            case U8 -> random.nextInt(256);
            case S16 -> random.nextInt(-32_768, 32_768);
            case U16 -> random.nextInt(65_536);
            case S32 -> random.nextInt();
            case U32 -> random.nextLong(1L << 32);
            case S64, U64 -> random.nextLong();
            case F32 -> Float.intBitsToFloat(random.nextInt());
            case F64 -> Double.longBitsToDouble(random.nextLong());
            case CHAR -> random.nextInt(0xD800);
            case STRING -> TEXTS[random.nextInt(TEXTS.length)];
        };
    }
}
