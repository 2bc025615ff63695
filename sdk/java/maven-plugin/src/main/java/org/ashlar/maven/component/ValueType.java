package org.ashlar.maven.component;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A type of the component model as it is written where a value is declared. */
sealed interface ValueType {

    /** Types without parts, with their codes in the binary format. */
    enum Primitive implements ValueType {
        BOOL(0x7f, "bool"), U8(0x7d, "u8"), U32(0x79, "u32"), U64(0x77, "u64"), STRING(0x73, "string");

        final int code;
        private final String text;

        Primitive(int code, String text) {
            this.code = code;
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A type that the interface gives a name. */
    record Named(String name) implements ValueType {
        @Override
        public String toString() {
            return name;
        }
    }

    record ListOf(ValueType element) implements ValueType {
        @Override
        public String toString() {
            return "list<" + element + ">";
        }
    }

    record OptionOf(ValueType value) implements ValueType {
        @Override
        public String toString() {
            return "option<" + value + ">";
        }
    }

    record TupleOf(List<ValueType> parts) implements ValueType {
        @Override
        public String toString() {
            return parts.stream().map(Object::toString).collect(Collectors.joining(", ", "tuple<", ">"));
        }
    }

    record ResultOf(ValueType ok, ValueType error) implements ValueType {
        @Override
        public String toString() {
            return "result<" + ok + ", " + error + ">";
        }
    }

    static ValueType named(String name) {
        return new Named(name);
    }

    static ValueType list(ValueType element) {
        return new ListOf(element);
    }

    static ValueType option(ValueType value) {
        return new OptionOf(value);
    }

    static ValueType tuple(ValueType... parts) {
        return new TupleOf(Arrays.asList(parts));
    }

    static ValueType result(ValueType ok, ValueType error) {
        return new ResultOf(ok, error);
    }

    /** A label with a type, or a variant's case that may have none. */
    record Labelled(String label, Optional<ValueType> type) {

        static Labelled of(String label, ValueType type) {
            return new Labelled(label, Optional.of(type));
        }

        static Labelled bare(String label) {
            return new Labelled(label, Optional.empty());
        }
    }
}
