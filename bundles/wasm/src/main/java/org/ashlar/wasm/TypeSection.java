package org.ashlar.wasm;

import java.util.function.Consumer;
import org.ashlar.api.wasm.WasmException;

/** Reads the section of types (WebAssembly core specification 3.0, chapter 5.5.4). */
final class TypeSection {
    /**
     * What is told of a type; of one that is no function's, {@link #NO_FUNCTION}.
     *
     * @param result the one result's type if it is a number's or a vector's, 0x40 if there is none, 0 otherwise
     */
    record Signature(int parameters, int result) { }

    static final Signature NO_FUNCTION = new Signature(0, 0);

    private TypeSection() { }

    /** @param each told each type, in the order of their numbers */
    static void read(BinaryReader in, Consumer<Signature> each) {
        for (int i = in.count(); i > 0; i--) {
            int form = in.u8();
            if (form == 0x4E) { // a recursion group
                for (int j = in.count(); j > 0; j--) {
                    each.accept(subType(in.u8(), in));
                }
            } else {
                each.accept(subType(form, in));
            }
        }
    }

    private static Signature subType(int form, BinaryReader in) {
        int composite = form;
        if (form == 0x50 || form == 0x4F) {
            for (int i = in.count(); i > 0; i--) {
                in.u32();
            }
            composite = in.u8();
        }
        switch (composite) {
            case 0x60 -> {
                return signature(in);
            }
            case 0x5F -> {
                for (int i = in.count(); i > 0; i--) {
                    field(in);
                }
            }
            case 0x5E -> field(in);
            default -> throw new WasmException("no composite type has the form " + composite);
        }
        return NO_FUNCTION;
    }

    private static Signature signature(BinaryReader in) {
        int parameters = in.count();
        for (int i = parameters; i > 0; i--) {
            in.skipValueType();
        }
        int results = in.count();
        int result = results == 0 ? 0x40 : 0;
        for (int i = results; i > 0; i--) {
            int type = in.u8();
            in.back();
            in.skipValueType();
            result = results == 1 && type >= 0x7C ? type : 0;
        }
        return new Signature(parameters, result);
    }

    private static void field(BinaryReader in) {
        in.skipValueType();
        in.u8(); // mutability
    }
}
