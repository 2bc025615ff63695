package org.ashlar.component;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;

/** Values as conformance scripts write them. */
final class ScriptValues {
    private ScriptValues() {
    }

    /** The Java value of {@code (u32.const 7)} and its like, for a type. */
    static Object parse(SExpression.Group value, ValueType type) {
        List<SExpression> parts = value.from(1);
        return switch (type) {
            case Primitive primitive -> primitive(primitive, value.text(1));
            case ValueType.ListOf(var element, _) -> list(parts, element);
            case ValueType.MapOf(var key, var mapped) -> list(parts, new ValueType.Tuple(List.of(key, mapped)));
            case ValueType.Tuple(var elements) -> {
                Object[] tuple = new Object[elements.size()];
                for (int i = 0; i < tuple.length; i++) {
                    tuple[i] = parse((SExpression.Group) parts.get(i), elements.get(i));
                }
                yield tuple;
            }
            case ValueType.Record(var fields) -> {
                Object[] record = new Object[fields.size()];
                for (int i = 0; i < record.length; i++) {
                    // (field "name" u32.const 7): the value stands in the group of the field
                    List<SExpression> field = ((SExpression.Group) parts.get(i)).from(2);
                    record[i] = parse(new SExpression.Group(field), fields.get(i).type());
                }
                yield record;
            }
            case ValueType.Variant(var cases) -> {
                int tag = cases.stream().map(ValueType.Variant.Case::name).toList().indexOf(value.text(1));
                yield cases.get(tag).payload().map(payload -> Variant.of(tag, parse(value.group(2), payload)))
                        .orElseGet(() -> Variant.of(tag));
            }
            case ValueType.Enum(var cases) -> cases.indexOf(value.text(1));
            case ValueType.Flags(var labels) -> parts.stream().mapToLong(label -> 1L << labels.indexOf(label.text()))
                    .reduce(0, (a, b) -> a | b);
            case ValueType.Option(var inner) -> value.head().equals("option.none") ? Optional.empty()
                    : Optional.of(parse(value.group(1), inner));
            case ValueType.Result(var ok, var error) -> {
                boolean success = value.head().equals("result.ok");
                yield new Result(success, (success ? ok : error).<Object>map(t -> parse(value.group(1), t))
                        .orElse(Unit.VALUE));
            }
            default -> throw new IllegalArgumentException("scripts have no values of type " + type);
        };
    }

    private static Object list(List<SExpression> parts, ValueType element) {
        List<Object> list = new ArrayList<>();
        parts.forEach(part -> list.add(parse((SExpression.Group) part, element)));
        if (element != Primitive.U8) {
            return list;
        }
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ((Integer) list.get(i)).byteValue();
        }
        return bytes;
    }

    private static Object primitive(Primitive type, String text) {
        return switch (type) {
            case BOOL -> Boolean.valueOf(text);
            case U8, S8, U16, S16, S32 -> integer(text).intValue();
            case U32, U64, S64 -> integer(text).longValue();
            case F32 -> Float.valueOf(text);
            case F64 -> Double.valueOf(text);
            case CHAR -> text.codePointAt(0);
            case STRING -> text;
        };
    }

    private static BigInteger integer(String text) {
        String digits = text.replace("_", "");
        return digits.startsWith("0x") ? new BigInteger(digits.substring(2), 16) : new BigInteger(digits);
    }

    /** Equality that looks into arrays. */
    static boolean equal(Object a, Object b) {
        return switch (a) {
            case Object[] array -> b instanceof Object[] other && equal(Arrays.asList(array), Arrays.asList(other));
            case byte[] bytes -> b instanceof byte[] other && Arrays.equals(bytes, other);
            case List<?> list -> {
                boolean same = b instanceof List<?> other && other.size() == list.size();
                for (int i = 0; same && i < list.size(); i++) {
                    same = equal(list.get(i), ((List<?>) b).get(i));
                }
                yield same;
            }
            case Variant variant -> b instanceof Variant other && variant.tag() == other.tag()
                    && equal(variant.payload(), other.payload());
            case Result result -> b instanceof Result other && result.ok() == other.ok()
                    && equal(result.value(), other.value());
            case Optional<?> option when option.isPresent() -> b instanceof Optional<?> other && other.isPresent()
                    && equal(option.get(), other.get());
            default -> a.equals(b);
        };
    }
}
