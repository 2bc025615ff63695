package org.ashlar.component.type;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The type of a function of a component. */
public record FuncType(List<Parameter> parameters, Optional<ValueType> result) {
    public FuncType {
        parameters = List.copyOf(parameters);
    }

    /** A parameter. */
    public record Parameter(String name, ValueType type) { }

    @Override
    public String toString() {
        return parameters.stream().map(p -> p.name + ": " + p.type).collect(Collectors.joining(", ", "func(", ")"))
                + result.map(r -> " -> " + r).orElse("");
    }
}
