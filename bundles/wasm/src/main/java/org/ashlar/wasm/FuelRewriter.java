package org.ashlar.wasm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.ashlar.api.wasm.WasmException;

/**
 * Makes a module count what it computes. Roughly, an instruction is a unit of fuel. Each function pays for itself when it is
 * entered, each loop for one turn when a turn begins, and instructions that work through many bytes or elements for those.
 * A global keeps what is left; when it gets below zero an imported function is called, which gives the next slice.
 * <p>
 * {@link FunctionRewriter} says where the counting happens. What a function does between two calls and turns of loops is
 * bounded by its length, so code that does not reach the import within a slice does not exist.
 * <p>
 * The import comes after the module's own, so the numbers of all functions of its own go up by one. Two helpers are added
 * behind them, and custom sections left out.
 */
public final class FuelRewriter {
    /** Changes whenever the result does; part of the key under which compiled code is kept. */
    public static final int VERSION = 2;

    /** Under which name the function is imported: it takes what is left (below zero) and returns the next slice. */
    private static final String MODULE = "ashlar";
    private static final String NAME = "fuel";

    /** Code may get so many times as long, and in any case by {@link #SLACK} bytes. */
    private static final int MOST_TIMES = 3;
    private static final int SLACK = 1 << 16;
    private static final byte I32 = 0x7F;
    private static final int HEADER = 8;
    private static final int CUSTOM = 0;
    private static final int TYPE = 1;
    private static final int IMPORT = 2;
    private static final int FUNCTION = 3;
    private static final int TABLE = 4;
    private static final int GLOBAL = 6;
    private static final int EXPORT = 7;
    private static final int START = 8;
    private static final int ELEMENT = 9;
    private static final int CODE = 10;

    private final byte[] module;
    private final Declarations declared;
    private final BinaryWriter out;
    private boolean importWritten;
    private boolean globalWritten;

    private FuelRewriter(byte[] module, Declarations declared) {
        this.module = module;
        this.declared = declared;
        this.out = new BinaryWriter(module.length + module.length / 4).copy(module, 0, HEADER);
    }

    /**
     * The module with fuel; the function that gives it is its last import.
     *
     * @param module a module that has been validated
     * @throws WasmException when it would become several times as long, or is not valid after all
     * @return empty when the module has no functions of its own, and so nothing to count
     */
    public static Optional<byte[]> rewrite(byte[] module) {
        Declarations declared = Declarations.of(module);
        if (declared.functions() == 0) {
            return Optional.empty();
        }
        FuelRewriter rewriter = new FuelRewriter(module, declared);
        try {
            rewriter.sections(new BinaryReader(module, HEADER, module.length));
        } catch (IndexOutOfBoundsException | NoSuchElementException e) {
            throw new WasmException("the module names a function, a type or a block that it does not have", e);
        }
        return Optional.of(rewriter.out.bytes());
    }

    private void sections(BinaryReader in) {
        while (!in.atEnd()) {
            int start = in.position();
            int id = in.u8();
            BinaryReader section = in.part(in.u32());
            if (id == CUSTOM) {
                continue;
            }
            addMissing(id);
            switch (id) {
                case TYPE -> write(id, types(section, in.position()));
                case IMPORT -> write(id, imports(section, in.position()));
                case FUNCTION -> write(id, functions(section, in.position()));
                case TABLE -> write(id, tables(section));
                case GLOBAL -> write(id, globals(section));
                case EXPORT -> write(id, exports(section));
                case START -> write(id, new BinaryWriter(8).u32(declared.shifted(section.u32())));
                case ELEMENT -> write(id, elements(section));
                case CODE -> write(id, code(section));
                default -> out.copy(module, start, in.position());
            }
        }
    }

    private void write(int id, BinaryWriter content) {
        out.u8(id).sized(content);
    }

    /** Writes the sections that the module lacks, before one that they stand in front of. */
    private void addMissing(int next) {
        if (next >= FUNCTION && !importWritten) {
            write(IMPORT, fuelImport(new BinaryWriter(32).u32(1)));
        }
        boolean behindGlobals = next >= EXPORT && next != 13; // 13, tags, stands before globals
        if (behindGlobals && !globalWritten) {
            write(GLOBAL, fuelGlobal(new BinaryWriter(16).u32(1)));
        }
    }

    // --- what is added

    private BinaryWriter types(BinaryReader in, int end) {
        int entries = in.count();
        return new BinaryWriter(end - in.position() + 16).u32(entries + 2).copy(module, in.position(), end)
                .u8(0x60).u8(1).u8(I32).u8(1).u8(I32)
                .u8(0x60).u8(1).u8(I32).u8(0);
    }

    private BinaryWriter imports(BinaryReader in, int end) {
        int entries = in.count();
        return fuelImport(new BinaryWriter(end - in.position() + 16).u32(entries + 1).copy(module, in.position(), end));
    }

    private BinaryWriter fuelImport(BinaryWriter to) {
        importWritten = true;
        for (String name : List.of(MODULE, NAME)) {
            to.u32(name.length()).raw(name.getBytes(StandardCharsets.US_ASCII));
        }
        return to.u8(0).u32(declared.unaryType());
    }

    private BinaryWriter functions(BinaryReader in, int end) {
        int entries = in.count();
        return new BinaryWriter(end - in.position() + 16).u32(entries + 2).copy(module, in.position(), end)
                .u32(declared.unaryType() + 1).u32(declared.unaryType());
    }

    /** A mutable i32 that begins as zero: what is entered first asks for the first slice. */
    private BinaryWriter fuelGlobal(BinaryWriter to) {
        globalWritten = true;
        return to.u8(I32).u8(1).u8(Instructions.I32_CONST).u8(0).u8(Instructions.END);
    }

    // --- what names functions

    private BinaryWriter tables(BinaryReader in) {
        int entries = in.count();
        BinaryWriter to = new BinaryWriter(64).u32(entries);
        for (int i = entries; i > 0; i--) {
            int start = in.position();
            boolean initialised = in.u8() == 0x40;
            if (initialised) {
                in.u8();
            } else {
                in.back();
            }
            in.skipValueType();
            in.skipLimits();
            to.copy(module, start, in.position());
            if (initialised) {
                expression(in, to);
            }
        }
        return to;
    }

    private BinaryWriter globals(BinaryReader in) {
        int entries = in.count();
        BinaryWriter to = new BinaryWriter(64).u32(entries + 1);
        for (int i = entries; i > 0; i--) {
            int start = in.position();
            in.skipValueType();
            in.u8();
            to.copy(module, start, in.position());
            expression(in, to);
        }
        return fuelGlobal(to);
    }

    private BinaryWriter exports(BinaryReader in) {
        int entries = in.count();
        BinaryWriter to = new BinaryWriter(64).u32(entries);
        for (int i = entries; i > 0; i--) {
            int start = in.position();
            in.skip(in.u32());
            int kind = in.u8();
            to.copy(module, start, in.position());
            int index = in.u32();
            to.u32(kind == 0 ? declared.shifted(index) : index);
        }
        return to;
    }

    private BinaryWriter elements(BinaryReader in) {
        int entries = in.count();
        BinaryWriter to = new BinaryWriter(256).u32(entries);
        for (int i = entries; i > 0; i--) {
            int start = in.position();
            int flags = in.u32();
            boolean active = (flags & 1) == 0;
            boolean explicit = (flags & 2) != 0;
            if (active && explicit) {
                in.u32();
            }
            to.copy(module, start, in.position());
            if (active) {
                expression(in, to);
            }
            start = in.position();
            if (!active || explicit) {
                in.skipValueType(); // or the kind of element, a byte as well
            }
            int members = in.count();
            to.copy(module, start, in.position());
            for (int j = members; j > 0; j--) {
                if ((flags & 4) != 0) {
                    expression(in, to);
                } else {
                    to.u32(declared.shifted(in.u32()));
                }
            }
        }
        return to;
    }

    /** A constant expression. */
    private void expression(BinaryReader in, BinaryWriter to) {
        Instructions code = new Instructions(in);
        do {
            code.next();
            if (code.namesFunction()) {
                to.copy(module, code.start(), code.functionStart()).u32(declared.shifted(code.function()));
            } else {
                to.copy(module, code.start(), code.end());
            }
        } while (code.opcode() != Instructions.END);
    }

    // --- code

    private BinaryWriter code(BinaryReader in) {
        int entries = in.count();
        List<FunctionShape> shapes = new ArrayList<>(entries);
        BinaryReader again = in.rest();
        for (int i = 0; i < entries; i++) {
            shapes.add(FunctionShape.of(in.part(in.count())));
        }
        BinaryWriter to = new BinaryWriter(again.remaining() * 5 / 4).u32(entries + 2);
        long limit = (long) MOST_TIMES * again.remaining() + SLACK;
        FunctionRewriter rewriter = new FunctionRewriter(module, declared, shapes);
        for (int i = 0; i < entries; i++) {
            to.sized(rewriter.rewrite(i, again.part(again.count())));
            if (to.size() > limit) {
                throw new WasmException("counting what it computes would make the module's code more than " + MOST_TIMES
                        + " times as long");
            }
        }
        return to.sized(rewriter.charge()).sized(rewriter.chargeForMany());
    }
}
