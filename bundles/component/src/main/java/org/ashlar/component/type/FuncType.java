package org.ashlar.component.type;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The type of a function of a component.
 *
 * @param async whether it may block; such functions can be declared but neither imported nor exported here
 */
public record FuncType(boolean async, List<Parameter> parameters, Optional<ValueType> result) implements TypeDefinition {
    public FuncType {
        parameters = List.copyOf(parameters);
    }

    /** A parameter. */
    public record Parameter(String name, ValueType type) { }

    @Override
    public String toString() {
        return parameters.stream()
                .map(p -> p.name + ": " + p.type).collect(Collectors.joining(", ", async ? "async func(" : "func(", ")"))
                + result.map(r -> " -> " + r).orElse("");
    }
}
