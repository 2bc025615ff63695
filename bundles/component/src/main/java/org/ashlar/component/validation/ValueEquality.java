package org.ashlar.component.validation;

import java.util.List;
import java.util.Optional;

import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;

/** Whether two value types are the same. There is no subtyping among them. */
final class ValueEquality {
    private final TypeTable table;

    ValueEquality(TypeTable table) {
        this.table = table;
    }

    static void resource(ResourceType actual, ResourceType expected) {
        if (!actual.equals(expected)) {
            throw Rejected.invalid("resource types are not the same");
        }
    }

    /** Compares a part of something; {@code what} says which, for the message. */
    void part(ValueType actual, ValueType expected, String what) {
        try {
            if (expected instanceof Primitive && !(actual instanceof Primitive)) {
                throw Rejected.invalid("expected " + expected + ", found " + word(actual));
            }
            definition(actual, expected);
        } catch (Rejected e) {
            throw e.within(what);
        }
    }

    void definition(ValueType actual, ValueType expected) {
        if (actual == expected) {
            return;
        }
        table.step();
        switch (expected) {
            case Primitive _ -> primitive(actual, expected);
            case ValueType.Record(var fields) when actual instanceof ValueType.Record(var given) -> record(given, fields);
            case ValueType.Variant(var cases) when actual instanceof ValueType.Variant(var given) -> variant(given, cases);
            case ValueType.Tuple(var elements) when actual instanceof ValueType.Tuple(var given) -> tuple(given, elements);
            case ValueType.ListOf wanted when actual instanceof ValueType.ListOf given -> list(given, wanted);
            case ValueType.MapOf(var key, var value) when actual instanceof ValueType.MapOf(var givenKey, var givenValue) -> {
                part(givenKey, key, "type mismatch in map key");
                part(givenValue, value, "type mismatch in map value");
            }
            case ValueType.Flags(var labels) when actual instanceof ValueType.Flags(var given) ->
                    same(given, labels, "mismatch in flags elements");
            case ValueType.Enum(var cases) when actual instanceof ValueType.Enum(var given) ->
                    same(given, cases, "mismatch in enum elements");
            case ValueType.Option(var value) when actual instanceof ValueType.Option(var given) ->
                    part(given, value, "type mismatch in option");
            case ValueType.Result(var ok, var error) when actual instanceof ValueType.Result(var givenOk, var givenError) -> {
                branch(givenOk, ok, "ok");
                branch(givenError, error, "err");
            }
            case ValueType.Own(var type) when actual instanceof ValueType.Own(var given) -> resource(given, type);
            case ValueType.Borrow(var type) when actual instanceof ValueType.Borrow(var given) -> resource(given, type);
            case ValueType.Stream(var type) when actual instanceof ValueType.Stream(var given) ->
                    branch(given, type, "stream");
            case ValueType.Future(var type) when actual instanceof ValueType.Future(var given) ->
                    branch(given, type, "future");
            default -> throw Rejected.invalid("expected " + word(expected) + ", found " + word(actual));
        }
    }

    private static void primitive(ValueType actual, ValueType expected) {
        if (!(actual instanceof Primitive)) {
            throw Rejected.invalid("expected primitive, found " + word(actual));
        }
        if (actual != expected) {
            throw Rejected.invalid("expected primitive `" + expected + "` found primitive `" + actual + "`");
        }
    }

    static String word(ValueType type) {
        return switch (type) {
            case Primitive primitive -> primitive.toString();
            case ValueType.Record _ -> "record";
            case ValueType.Variant _ -> "variant";
            case ValueType.ListOf _ -> "list";
            case ValueType.MapOf _ -> "map";
            case ValueType.Tuple _ -> "tuple";
            case ValueType.Flags _ -> "flags";
            case ValueType.Enum _ -> "enum";
            case ValueType.Option _ -> "option";
            case ValueType.Result _ -> "result";
            case ValueType.Own _ -> "own";
            case ValueType.Borrow _ -> "borrow";
            case ValueType.Stream _ -> "stream";
            case ValueType.Future _ -> "future";
        };
    }

    private static void count(int actual, int expected, String what) {
        if (actual != expected) {
            throw Rejected.invalid("expected " + expected + " " + what + ", found " + actual);
        }
    }

    private static void same(List<String> actual, List<String> expected, String message) {
        if (!actual.equals(expected)) {
            throw Rejected.invalid(message);
        }
    }

    private void record(List<ValueType.Record.Field> actual, List<ValueType.Record.Field> expected) {
        count(actual.size(), expected.size(), "fields");
        for (int i = 0; i < actual.size(); i++) {
            String name = expected.get(i).name();
            if (!actual.get(i).name().equals(name)) {
                throw Rejected.invalid("expected field name `" + name + "`, found `" + actual.get(i).name() + "`");
            }
            part(actual.get(i).type(), expected.get(i).type(), "type mismatch in record field `" + name + "`");
        }
    }

    private void variant(List<ValueType.Variant.Case> actual, List<ValueType.Variant.Case> expected) {
        count(actual.size(), expected.size(), "cases");
        for (int i = 0; i < actual.size(); i++) {
            String name = expected.get(i).name();
            Optional<ValueType> given = actual.get(i).payload();
            Optional<ValueType> wanted = expected.get(i).payload();
            if (!actual.get(i).name().equals(name)) {
                throw Rejected.invalid("expected case named `" + name + "`, found `" + actual.get(i).name() + "`");
            }
            if (given.isEmpty() && wanted.isPresent()) {
                throw Rejected.invalid("expected case `" + name + "` to have a type, found none");
            }
            if (given.isPresent() && wanted.isEmpty()) {
                throw Rejected.invalid("expected case `" + name + "` to have no type");
            }
            if (given.isPresent()) {
                part(given.get(), wanted.get(), "type mismatch in variant case `" + name + "`");
            }
        }
    }

    private void tuple(List<ValueType> actual, List<ValueType> expected) {
        count(actual.size(), expected.size(), "types");
        for (int i = 0; i < actual.size(); i++) {
            part(actual.get(i), expected.get(i), "type mismatch in tuple field " + i);
        }
    }

    private void list(ValueType.ListOf actual, ValueType.ListOf expected) {
        if (!actual.length().equals(expected.length())) {
            throw Rejected.invalid("mismatch in the length of a list");
        }
        part(actual.element(), expected.element(), "type mismatch in list element");
    }

    private void branch(Optional<ValueType> actual, Optional<ValueType> expected, String what) {
        if (actual.isPresent() && expected.isEmpty()) {
            throw Rejected.invalid("expected " + what + " type to not be present");
        }
        if (actual.isEmpty() && expected.isPresent()) {
            throw Rejected.invalid("expected " + what + " type, but found none");
        }
        if (actual.isPresent()) {
            part(actual.get(), expected.get(), "type mismatch in " + what + " variant");
        }
    }
}
