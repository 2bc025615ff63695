package org.ashlar.maven.component;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ashlar.maven.component.ValueType.Labelled;

/**
 * An interface of the component model: named types and functions, in the order in which WIT declares them. Built
 * once through its methods, then only read.
 */
final class InterfaceType {

    /** What a name of the interface stands for. */
    sealed interface Definition {
    }

    record Alias(ValueType type) implements Definition {
    }

    record Record(List<Labelled> fields) implements Definition {
    }

    record Variant(List<Labelled> cases) implements Definition {
    }

    record Enumeration(List<String> labels) implements Definition {
    }

    record Function(List<Labelled> parameters, Optional<ValueType> result) {

        /** Whether anything but single numbers crosses, so that both sides need a memory. */
        boolean needsMemory() {
            return !parameters.isEmpty() || result.filter(type -> !(type instanceof ValueType.Primitive)).isPresent();
        }
    }

    private final String name;
    private final Map<String, Definition> types = new LinkedHashMap<>();
    private final Map<String, Function> functions = new LinkedHashMap<>();

    /** The full name with package and version, such as {@code kinode:process/standard@1.0.0}. */
    InterfaceType(String name) {
        this.name = name;
    }

    InterfaceType alias(String alias, ValueType type) {
        types.put(alias, new Alias(type));
        return this;
    }

    InterfaceType record(String record, Labelled... fields) {
        types.put(record, new Record(Arrays.asList(fields)));
        return this;
    }

    InterfaceType variant(String variant, Labelled... cases) {
        types.put(variant, new Variant(Arrays.asList(cases)));
        return this;
    }

    InterfaceType enumeration(String enumeration, String... labels) {
        types.put(enumeration, new Enumeration(Arrays.asList(labels)));
        return this;
    }

    InterfaceType function(String function, Labelled... parameters) {
        functions.put(function, new Function(Arrays.asList(parameters), Optional.empty()));
        return this;
    }

    InterfaceType function(String function, ValueType result, Labelled... parameters) {
        functions.put(function, new Function(Arrays.asList(parameters), Optional.of(result)));
        return this;
    }

    String name() {
        return name;
    }

    Map<String, Definition> types() {
        return types;
    }

    Map<String, Function> functions() {
        return functions;
    }

    /** The interface's body in WIT, one declaration a line, for comparison with the WIT file. */
    String toWit() {
        StringBuilder wit = new StringBuilder();
        types.forEach((label, definition) -> wit.append(wit(label, definition)).append('\n'));
        functions.forEach((label, function) -> wit.append(wit(label, function)).append('\n'));
        return wit.toString();
    }

    private static String wit(String label, Definition definition) {
        if (definition instanceof Alias alias) {
            return "type " + label + " = " + alias.type() + ";";
        } else if (definition instanceof Record record) {
            return "record " + label + " { " + fields(record.fields()) + " }";
        } else if (definition instanceof Variant variant) {
            return "variant " + label + " { " + variant.cases().stream()
                    .map(one -> one.label() + one.type().map(type -> "(" + type + ")").orElse(""))
                    .collect(Collectors.joining(", ")) + " }";
        } else {
            return "enum " + label + " { " + String.join(", ", ((Enumeration) definition).labels()) + " }";
        }
    }

    private static String wit(String label, Function function) {
        return label + ": func(" + fields(function.parameters()) + ")"
                + function.result().map(type -> " -> " + type).orElse("") + ";";
    }

    private static String fields(List<Labelled> fields) {
        return fields.stream().map(field -> field.label() + ": " + field.type().orElseThrow())
                .collect(Collectors.joining(", "));
    }
}
