package org.ashlar.api.wasm;

import java.util.List;

/** The type of a core function. */
public record FunctionType(List<ValueType> parameters, List<ValueType> results) {
    public FunctionType {
        parameters = List.copyOf(parameters);
        results = List.copyOf(results);
    }

    /** The value types that cross the boundary; {@code REF} is any reference type. */
    public enum ValueType { I32, I64, F32, F64, V128, REF }
}
