package org.ashlar.component.type;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The type of a value. Equality is structural, save for resources. */
public sealed interface ValueType extends TypeDefinition {
    /** Types without parts. */
    enum Primitive implements ValueType {
        BOOL, S8, U8, S16, U16, S32, U32, S64, U64, F32, F64, CHAR, STRING;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A list; with a {@code length}, of exactly so many elements. */
    record ListOf(ValueType element, OptionalInt length) implements ValueType {
        @Override
        public String toString() {
            return "list<" + element + (length.isPresent() ? ", " + length.getAsInt() : "") + ">";
        }
    }

    /** A map: on the wire a list of pairs, not checked for repeated keys. */
    record MapOf(ValueType key, ValueType value) implements ValueType {
        @Override
        public String toString() {
            return "map<" + key + ", " + value + ">";
        }
    }

    record Record(List<Field> fields) implements ValueType {
        public Record {
            fields = List.copyOf(fields);
        }

        public record Field(String name, ValueType type) { }

        @Override
        public String toString() {
            return fields.stream().map(f -> f.name + ": " + f.type).collect(Collectors.joining(", ", "record {", "}"));
        }
    }

    record Tuple(List<ValueType> elements) implements ValueType {
        public Tuple {
            elements = List.copyOf(elements);
        }

        @Override
        public String toString() {
            return elements.stream().map(Object::toString).collect(Collectors.joining(", ", "tuple<", ">"));
        }
    }

    record Variant(List<Case> cases) implements ValueType {
        public Variant {
            cases = List.copyOf(cases);
        }

        public record Case(String name, Optional<ValueType> payload) { }

        @Override
        public String toString() {
            return cases.stream().map(c -> c.name + c.payload.map(p -> "(" + p + ")").orElse(""))
                    .collect(Collectors.joining(", ", "variant {", "}"));
        }
    }

    record Enum(List<String> cases) implements ValueType {
        public Enum {
            cases = List.copyOf(cases);
        }

        @Override
        public String toString() {
            return "enum {" + String.join(", ", cases) + "}";
        }
    }

    /** A set of at most 32 labels. */
    record Flags(List<String> labels) implements ValueType {
        public Flags {
            labels = List.copyOf(labels);
        }

        @Override
        public String toString() {
            return "flags {" + String.join(", ", labels) + "}";
        }
    }

    record Option(ValueType value) implements ValueType {
        @Override
        public String toString() {
            return "option<" + value + ">";
        }
    }

    record Result(Optional<ValueType> ok, Optional<ValueType> error) implements ValueType {
        @Override
        public String toString() {
            return "result<" + ok.map(Object::toString).orElse("_") + ", " + error.map(Object::toString).orElse("_") + ">";
        }
    }

    record Own(ResourceType resource) implements ValueType {
        @Override
        public String toString() {
            return "own<" + resource + ">";
        }
    }

    record Borrow(ResourceType resource) implements ValueType {
        @Override
        public String toString() {
            return "borrow<" + resource + ">";
        }
    }

    /** A stream; can be declared, but not passed. */
    record Stream(Optional<ValueType> element) implements ValueType { }

    /** A future; can be declared, but not passed. */
    record Future(Optional<ValueType> element) implements ValueType { }
}
