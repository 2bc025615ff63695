package org.ashlar.endive;

import java.util.List;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.WasmModule.Kind;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.ValType;

/** Endive's types in the words of the contract. */
final class Types {
    private Types() { }

    static FunctionType of(run.endive.wasm.types.FunctionType type) {
        return new FunctionType(of(type.params()), of(type.returns()));
    }

    private static List<ValueType> of(List<ValType> types) {
        return types.stream().map(Types::of).toList();
    }

    private static ValueType of(ValType type) {
        if (type.equals(ValType.I32)) {
            return ValueType.I32;
        } else if (type.equals(ValType.I64)) {
            return ValueType.I64;
        } else if (type.equals(ValType.F32)) {
            return ValueType.F32;
        } else if (type.equals(ValType.F64)) {
            return ValueType.F64;
        } else if (type.equals(ValType.V128)) {
            return ValueType.V128;
        }
        return ValueType.REF;
    }

    static Kind of(ExternalType type) {
        return switch (type) {
            case FUNCTION -> Kind.FUNCTION;
            case TABLE -> Kind.TABLE;
            case MEMORY -> Kind.MEMORY;
            case GLOBAL -> Kind.GLOBAL;
            case TAG -> Kind.TAG;
        };
    }
}
