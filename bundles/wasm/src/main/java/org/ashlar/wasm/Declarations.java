package org.ashlar.wasm;

import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.wasm.WasmException;

/**
 * What a rewriter must know of a module's declarations. For modules that have been validated.
 *
 * @param types             of each type whether it is a function's, and if so its parameters and results
 * @param importedFunctions how many functions are imported
 * @param globals           how many globals there are, imported ones included
 * @param functionTypes     the type of each function of the module's own
 */
record Declarations(List<Signature> types, int importedFunctions, int globals, List<Integer> functionTypes) {
    /** @param result the one result's type if it is a number's or a vector's, 0x40 if there is none, 0 otherwise */
    record Signature(int parameters, int result) { }

    private static final Signature NO_FUNCTION = new Signature(0, 0);
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

    /** The number that a function has once one more is imported. */
    int shifted(int function) {
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
                    case 1 -> types(section);
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

        private void types(BinaryReader in) {
            for (int i = in.count(); i > 0; i--) {
                int form = in.u8();
                if (form == 0x4E) { // a recursion group
                    for (int j = in.count(); j > 0; j--) {
                        type(in.u8(), in);
                    }
                } else {
                    type(form, in);
                }
            }
        }

        private void type(int form, BinaryReader in) {
            int composite = form;
            if (form == 0x50 || form == 0x4F) {
                for (int i = in.count(); i > 0; i--) {
                    in.u32();
                }
                composite = in.u8();
            }
            switch (composite) {
                case 0x60 -> types.add(signature(in));
                case 0x5F -> {
                    for (int i = in.count(); i > 0; i--) {
                        Instructions.valueType(in);
                        in.u8();
                    }
                    types.add(NO_FUNCTION);
                }
                case 0x5E -> {
                    Instructions.valueType(in);
                    in.u8();
                    types.add(NO_FUNCTION);
                }
                default -> throw new WasmException("no composite type has the form " + composite);
            }
        }

        private static Signature signature(BinaryReader in) {
            int parameters = in.count();
            for (int i = parameters; i > 0; i--) {
                Instructions.valueType(in);
            }
            int results = in.count();
            int result = results == 0 ? 0x40 : 0;
            for (int i = results; i > 0; i--) {
                int type = in.u8();
                in.back();
                Instructions.valueType(in);
                result = results == 1 && type >= 0x7B ? type : 0;
            }
            return new Signature(parameters, result);
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
                        Instructions.valueType(in);
                        limits(in);
                    }
                    case 2 -> limits(in);
                    case 3 -> {
                        Instructions.valueType(in);
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

        private static void limits(BinaryReader in) {
            int flags = in.u8();
            in.skipInteger();
            if ((flags & 1) != 0) {
                in.skipInteger();
            }
        }
    }
}
