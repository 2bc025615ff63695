package org.ashlar.wasm;

import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.wasm.TypeSection.Signature;

/**
 * What a rewriter must know of a module's declarations. For modules that have been validated.
 *
 * @param types             of each type whether it is a function's, and if so its parameters and results
 * @param importedFunctions how many functions are imported
 * @param globals           how many globals there are, imported ones included
 * @param functionTypes     the type of each function of the module's own
 */
record Declarations(List<Signature> types, int importedFunctions, int globals, List<Integer> functionTypes) {
    private static final int HEADER = 8;

    static Declarations of(byte[] module) {
        return new Scan().module(new BinaryReader(module, HEADER, module.length));
    }

    /** Functions of the module's own. */
    int functions() {
        return functionTypes.size();
    }

    Signature signature(int ownFunction) {
        return types.get(functionTypes.get(ownFunction));
    }

    /**
     * The number that a function has once one more is imported. Not every parser looks whether there is such a function; the
     * numbers behind the last are those of the fuel rewriter's own, with which code could give itself fuel.
     *
     * @throws WasmException when the module has no such function
     */
    int shifted(int function) {
        if (Integer.compareUnsigned(function, importedFunctions + functions()) >= 0) {
            throw new WasmException("unknown function " + Integer.toUnsignedString(function));
        }
        return Integer.compareUnsigned(function, importedFunctions) < 0 ? function : function + 1;
    }

    // --- what the fuel rewriter adds, in its own numbering

    /** The type of a function from i32 to i32; behind it comes that from i32 to nothing. */
    int unaryType() {
        return types.size();
    }

    int fuelFunction() {
        return importedFunctions;
    }

    int chargeFunction() {
        return importedFunctions + 1 + functions();
    }

    int chargeForManyFunction() {
        return chargeFunction() + 1;
    }

    int fuelGlobal() {
        return globals;
    }

    private static final class Scan {
        private final List<Signature> types = new ArrayList<>();
        private final List<Integer> functionTypes = new ArrayList<>();
        private int importedFunctions;
        private int globals;

        Declarations module(BinaryReader in) {
            while (!in.atEnd()) {
                int id = in.u8();
                BinaryReader section = in.part(in.u32());
                switch (id) {
                    case 1 -> TypeSection.read(section, types::add);
                    case 2 -> imports(section);
                    case 3 -> {
                        for (int i = section.count(); i > 0; i--) {
                            functionTypes.add(section.u32());
                        }
                    }
                    case 6 -> globals += section.count();
                    default -> { }
                }
            }
            return new Declarations(types, importedFunctions, globals, functionTypes);
        }

        private void imports(BinaryReader in) {
            for (int i = in.count(); i > 0; i--) {
                in.skip(in.u32());
                in.skip(in.u32());
                switch (in.u8()) {
                    case 0 -> {
                        in.u32();
                        importedFunctions++;
                    }
                    case 1 -> {
                        in.skipValueType();
                        in.skipLimits();
                    }
                    case 2 -> in.skipLimits();
                    case 3 -> {
                        in.skipValueType();
                        in.u8();
                        globals++;
                    }
                    default -> {
                        in.u8();
                        in.u32();
                    }
                }
            }
        }
    }
}
