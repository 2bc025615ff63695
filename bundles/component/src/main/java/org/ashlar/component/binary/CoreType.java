package org.ashlar.component.binary;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * A type definition of core WebAssembly.
 *
 * @param isFinal    whether it may have no subtypes
 * @param supertypes indices of the types it extends
 */
public record CoreType(boolean isFinal, List<Integer> supertypes, Composite composite) {
    /** What a type is made of. */
    public sealed interface Composite { }

    /** A function type. */
    public record Function(List<CoreValueType> parameters, List<CoreValueType> results) implements Composite {
        @Override
        public String toString() {
            return "(func" + group(" (param ", parameters) + group(" (result ", results) + ")";
        }

        private static String group(String start, List<CoreValueType> types) {
            return types.isEmpty() ? ""
                    : types.stream().map(Object::toString).collect(Collectors.joining(" ", start, ")"));
        }
    }

    /** A structure. */
    public record Struct(List<Field> fields) implements Composite { }

    /** An array. */
    public record Array(Field element) implements Composite { }

    /** A field of a structure or array. */
    public record Field(CoreValueType type, boolean mutable) {
        Field mapped(IntUnaryOperator indices) {
            return new Field(type.mapped(indices), mutable);
        }
    }

    /** The same with every type index replaced. */
    CoreType mapped(IntUnaryOperator indices) {
        Composite mapped = switch (composite) {
            case Function(var parameters, var results) -> new Function(map(parameters, indices), map(results, indices));
            case Struct(var fields) -> new Struct(fields.stream().map(f -> f.mapped(indices)).toList());
            case Array(var element) -> new Array(element.mapped(indices));
        };
        return new CoreType(isFinal, supertypes.stream().map(indices::applyAsInt).toList(), mapped);
    }

    private static List<CoreValueType> map(List<CoreValueType> types, IntUnaryOperator indices) {
        return types.stream().map(t -> t.mapped(indices)).toList();
    }
}
