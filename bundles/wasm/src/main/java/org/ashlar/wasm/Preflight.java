package org.ashlar.wasm;

import java.util.Arrays;
import org.ashlar.api.wasm.WasmException;

/**
 * Looks at the counts in a module before an engine's parser does: those of Chicory and Endive take room for as many entries,
 * locals or bytes as a module announces, whether they follow or not. Everything else is left to them. (WebAssembly core specification,
 * chapter 5; the limit on locals is that of its chapter 7.2.)
 */
public final class Preflight {
    /** Of one function. */
    private static final int MAX_LOCALS = 50_000;
    /** Of all functions together. */
    private static final int MAX_ALL_LOCALS = 4 << 20;
    /** Types times functions: so many comparisons the compiler makes for indirect calls, some 20 ns each. */
    private static final long MAX_DISPATCH = 100_000_000;

    /** Magic number and version 1. */
    private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};

    private long types;
    private long functions;
    private long locals;

    private Preflight() { }

    /** @throws WasmException when a count is absurd */
    public static void check(byte[] module) {
        if (!Arrays.equals(HEADER, Arrays.copyOf(module, HEADER.length))) {
            throw new WasmException("magic header not detected: this is no core module of version 1");
        }
        new Preflight().module(new BinaryReader(module, HEADER.length, module.length));
    }

    private void module(BinaryReader in) {
        while (!in.atEnd()) {
            int id = in.u8();
            BinaryReader section = in.part(in.u32());
            switch (id) {
                case 1 -> TypeSection.read(section, each -> types++);
                case 3 -> functions = section.count();
                case 9 -> elements(section);
                case 10 -> code(section);
                case 11 -> data(section);
                default -> { }
            }
            if (types * functions > MAX_DISPATCH) {
                throw new WasmException("the module has " + types + " types and " + functions
                        + " functions; their product may be " + MAX_DISPATCH);
            }
        }
    }

    // --- segments

    private static void elements(BinaryReader in) {
        for (int i = in.count(); i > 0; i--) {
            int flags = in.u32();
            boolean active = (flags & 1) == 0;
            boolean explicit = (flags & 2) != 0;
            if (active) {
                if (explicit) {
                    in.u32();
                }
                Expressions.skip(in);
            }
            if (!active || explicit) {
                in.skipValueType(); // or the kind of element, a byte as well
            }
            for (int j = in.count(); j > 0; j--) {
                if ((flags & 4) != 0) {
                    Expressions.skip(in);
                } else {
                    in.u32();
                }
            }
        }
    }

    private static void data(BinaryReader in) {
        for (int i = in.count(); i > 0; i--) {
            int mode = in.u32();
            if (mode == 2) {
                in.u32();
            }
            if (mode != 1) {
                Expressions.skip(in);
            }
            in.skip(in.count());
        }
    }

    // --- code

    private void code(BinaryReader in) {
        for (int i = in.count(); i > 0; i--) {
            BinaryReader body = in.part(in.count());
            long own = 0;
            for (int group = body.count(); group > 0; group--) {
                own += Integer.toUnsignedLong(body.u32());
                body.skipValueType();
            }
            locals += own;
            if (own > MAX_LOCALS || locals > MAX_ALL_LOCALS) {
                throw new WasmException("too many locals: a function may have " + MAX_LOCALS + ", all together "
                        + MAX_ALL_LOCALS);
            }
        }
    }
}
