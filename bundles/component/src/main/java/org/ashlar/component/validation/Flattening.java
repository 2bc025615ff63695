package org.ashlar.component.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.ashlar.component.binary.CoreType;
import org.ashlar.component.binary.CoreValueType;
import org.ashlar.component.binary.CoreValueType.Plain;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.ValueType;

/** The core signatures that functions of components have ({@code CanonicalABI.md}, "Flattening"). */
final class Flattening {
    static final int MAX_PARAMETERS = 16;
    static final int MAX_RESULTS = 1;

    private final TypeTable table;

    Flattening(TypeTable table) {
        this.table = table;
    }

    boolean parametersSpill(FuncType function) {
        return table.parameters(function).flat() > MAX_PARAMETERS;
    }

    boolean resultSpills(FuncType function) {
        return function.result().map(type -> table.facts(type).flat() > MAX_RESULTS).orElse(false);
    }

    /** What a core function must look like to be lifted. */
    CoreType.Function lifted(FuncType function) {
        return new CoreType.Function(parameters(function), resultSpills(function) ? List.of(Plain.I32) : result(function));
    }

    /** What a lowered function looks like to core code. */
    CoreType.Function lowered(FuncType function) {
        if (!resultSpills(function)) {
            return new CoreType.Function(parameters(function), result(function));
        }
        List<CoreValueType> parameters = new ArrayList<>(parameters(function));
        parameters.add(Plain.I32);
        return new CoreType.Function(parameters, List.of());
    }

    private List<CoreValueType> parameters(FuncType function) {
        if (parametersSpill(function)) {
            return List.of(Plain.I32);
        }
        List<CoreValueType> flat = new ArrayList<>();
        function.parameters().forEach(parameter -> flat.addAll(flatten(parameter.type())));
        return flat;
    }

    private List<CoreValueType> result(FuncType function) {
        return function.result().map(this::flatten).orElse(List.of());
    }

    private List<CoreValueType> flatten(ValueType type) {
        return switch (type) {
            case ValueType.Primitive primitive -> switch (primitive) {
                case BOOL, S8, U8, S16, U16, S32, U32, CHAR -> List.of(Plain.I32);
                case S64, U64 -> List.of(Plain.I64);
                case F32 -> List.of(Plain.F32);
                case F64 -> List.of(Plain.F64);
                case STRING -> List.of(Plain.I32, Plain.I32);
            };
            case ValueType.ListOf(var element, var length) when length.isPresent() -> {
                List<CoreValueType> flat = new ArrayList<>();
                for (int i = 0; i < length.getAsInt(); i++) {
                    flat.addAll(flatten(element));
                }
                yield flat;
            }
            case ValueType.ListOf _, ValueType.MapOf _ -> List.of(Plain.I32, Plain.I32);
            case ValueType.Record(var fields) -> concat(fields.stream().map(ValueType.Record.Field::type).toList());
            case ValueType.Tuple(var elements) -> concat(elements);
            case ValueType.Variant(var cases) -> join(cases.stream().map(ValueType.Variant.Case::payload).toList());
            case ValueType.Option(var value) -> join(List.of(Optional.of(value)));
            case ValueType.Result(var ok, var error) -> join(List.of(ok, error));
            case ValueType.Enum _, ValueType.Flags _, ValueType.Own _, ValueType.Borrow _, ValueType.Stream _,
                    ValueType.Future _ -> List.of(Plain.I32);
        };
    }

    private List<CoreValueType> concat(List<ValueType> types) {
        List<CoreValueType> flat = new ArrayList<>();
        types.forEach(type -> flat.addAll(flatten(type)));
        return flat;
    }

    private List<CoreValueType> join(List<Optional<ValueType>> payloads) {
        List<CoreValueType> flat = new ArrayList<>();
        flat.add(Plain.I32);
        for (Optional<ValueType> payload : payloads) {
            List<CoreValueType> own = payload.map(this::flatten).orElse(List.of());
            for (int i = 0; i < own.size(); i++) {
                if (i + 1 < flat.size()) {
                    flat.set(i + 1, join(flat.get(i + 1), own.get(i)));
                } else {
                    flat.add(own.get(i));
                }
            }
        }
        return flat;
    }

    private static CoreValueType join(CoreValueType a, CoreValueType b) {
        if (a == b) {
            return a;
        }
        return a == Plain.I32 && b == Plain.F32 || a == Plain.F32 && b == Plain.I32 ? Plain.I32 : Plain.I64;
    }
}
