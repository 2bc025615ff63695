package org.ashlar.maven.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the core module that holds the memory for host calls. Blocks are handed out one after the other, each with
 * a size rounded up to 8 bytes, and all taken back at once; the first {@value #FIRST_BLOCK} bytes are left to the process library ({@code Platform}).
 *
 * <p>A memory of its own keeps results safe from TeaVM's collector, which moves objects, and lets the host allocate
 * without running any Java code. It grows to the largest message so far and never shrinks.
 */
public final class ArenaModule {

    /** Names that the component uses. */
    public static final String MEMORY = "memory";
    public static final String REALLOC = "cabi_realloc";

    static final int FIRST_BLOCK = 1088;

    /** Pages of 64 KiB: 1 GiB, far beyond what a node lets a message be. */
    static final int MAXIMUM_PAGES = 16384;

    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;

    private static final int UNREACHABLE = 0x00;
    private static final int IF = 0x04;
    private static final int END = 0x0b;
    private static final int CALL = 0x10;
    private static final int SELECT = 0x1b;
    private static final int LOCAL_GET = 0x20;
    private static final int LOCAL_SET = 0x21;
    private static final int LOCAL_TEE = 0x22;
    private static final int GLOBAL_GET = 0x23;
    private static final int GLOBAL_SET = 0x24;
    private static final int I32_LOAD = 0x28;
    private static final int I64_LOAD = 0x29;
    private static final int I32_LOAD8_U = 0x2d;
    private static final int I32_STORE = 0x36;
    private static final int I64_STORE = 0x37;
    private static final int I32_STORE8 = 0x3a;
    private static final int MEMORY_SIZE = 0x3f;
    private static final int MEMORY_GROW = 0x40;
    private static final int I32_CONST = 0x41;
    private static final int I32_EQ = 0x46;
    private static final int I32_LT_U = 0x49;
    private static final int I32_GT_U = 0x4b;
    private static final int I32_ADD = 0x6a;
    private static final int I32_SUB = 0x6b;
    private static final int I32_AND = 0x71;
    private static final int I32_SHL = 0x74;
    private static final int I32_SHR_U = 0x76;
    private static final int NO_RESULT = 0x40;
    private static final int[] MEMORY_COPY = {0xfc, 0x0a, 0, 0};

    private record Function(String name, List<Integer> parameters, List<Integer> results, int i32Locals,
            Consumer<ByteWriter> body) {
    }

    private static final int ALLOCATE = 0;

    private static final List<Function> FUNCTIONS = List.of(
            new Function("allocate", List.of(I32, I32), List.of(I32), 3, ArenaModule::allocate),
            new Function(REALLOC, List.of(I32, I32, I32, I32), List.of(I32), 1, ArenaModule::reallocate),
            new Function("begin", List.of(I32), List.of(I32), 0, ArenaModule::begin),
            new Function("load8", List.of(I32), List.of(I32), 0, load(I32_LOAD8_U)),
            new Function("load32", List.of(I32), List.of(I32), 0, load(I32_LOAD)),
            new Function("load64", List.of(I32), List.of(I64), 0, load(I64_LOAD)),
            new Function("store8", List.of(I32, I32), List.of(), 0, store(I32_STORE8)),
            new Function("store32", List.of(I32, I32), List.of(), 0, store(I32_STORE)),
            new Function("store64", List.of(I32, I64), List.of(), 0, store(I64_STORE)),
            new Function("trap", List.of(), List.of(), 0, code -> code.raw(UNREACHABLE)));

    private ArenaModule() {
    }

    /** The module's bytes; always the same. */
    public static byte[] bytes() {
        return new ByteWriter()
                .raw(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
                .section(1, types -> types.vector(FUNCTIONS, (out, function) -> out.raw(0x60)
                        .vector(function.parameters, ByteWriter::raw).vector(function.results, ByteWriter::raw)))
                .section(3, functions -> functions.vector(indices(), ByteWriter::unsigned))
                .section(5, memories -> memories.raw(1, 0x01).unsigned(1).unsigned(MAXIMUM_PAGES))
                .section(6, globals -> globals.raw(1, I32, 1, I32_CONST).signed(FIRST_BLOCK).raw(END))
                .section(7, ArenaModule::exports)
                .section(10, code -> code.vector(FUNCTIONS, ArenaModule::code))
                .toBytes();
    }

    private static List<Integer> indices() {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < FUNCTIONS.size(); i++) {
            indices.add(i);
        }
        return indices;
    }

    private static void exports(ByteWriter out) {
        out.unsigned(FUNCTIONS.size() + 1);
        for (int i = 0; i < FUNCTIONS.size(); i++) {
            out.name(FUNCTIONS.get(i).name).raw(0x00).unsigned(i);
        }
        out.name(MEMORY).raw(0x02, 0);
    }

    private static void code(ByteWriter out, Function function) {
        ByteWriter body = new ByteWriter();
        if (function.i32Locals == 0) {
            body.unsigned(0);
        } else {
            body.unsigned(1).unsigned(function.i32Locals).raw(I32);
        }
        function.body.accept(body);
        out.sized(body.raw(END).toBytes());
    }

    /** {@code allocate(size 0, alignment 1)} with the locals block 2, end 3, bytes that the memory has 4. */
    private static void allocate(ByteWriter code) {
        // block = (top + alignment - 1) & -alignment
        code.raw(GLOBAL_GET, 0, LOCAL_GET, 1, I32_ADD, I32_CONST, 1, I32_SUB);
        code.raw(I32_CONST, 0, LOCAL_GET, 1, I32_SUB, I32_AND, LOCAL_TEE, 2);
        // end = block + size, which must not wrap around
        code.raw(LOCAL_GET, 0, I32_ADD, LOCAL_TEE, 3);
        code.raw(LOCAL_GET, 2, I32_LT_U, IF, NO_RESULT, UNREACHABLE, END);
        // grow if the block ends behind the memory
        code.raw(LOCAL_GET, 3, MEMORY_SIZE, 0, I32_CONST, 16, I32_SHL, LOCAL_TEE, 4, I32_GT_U, IF, NO_RESULT);
        code.raw(LOCAL_GET, 3, LOCAL_GET, 4, I32_SUB, I32_CONST).signed(0xffff).raw(I32_ADD, I32_CONST, 16, I32_SHR_U);
        code.raw(MEMORY_GROW, 0, I32_CONST, 0x7f, I32_EQ, IF, NO_RESULT, UNREACHABLE, END);
        code.raw(END);
        // the next block begins at a multiple of 8; a sum that fits into the memory does not wrap around
        code.raw(LOCAL_GET, 3, I32_CONST, 7, I32_ADD, I32_CONST).signed(-8).raw(I32_AND, GLOBAL_SET, 0, LOCAL_GET, 2);
    }

    /** {@code begin(size 0)}: gives all blocks back, then takes one of that size. */
    private static void begin(ByteWriter code) {
        code.raw(I32_CONST).signed(FIRST_BLOCK).raw(GLOBAL_SET, 0, LOCAL_GET, 0, I32_CONST, 8, CALL, ALLOCATE);
    }

    /** {@code realloc(old 0, old size 1, alignment 2, new size 3)} with the local block 4. */
    private static void reallocate(ByteWriter code) {
        code.raw(LOCAL_GET, 3, LOCAL_GET, 2, CALL, ALLOCATE, LOCAL_SET, 4);
        // keep as much as the smaller of both sizes
        code.raw(LOCAL_GET, 1, IF, NO_RESULT, LOCAL_GET, 4, LOCAL_GET, 0);
        code.raw(LOCAL_GET, 1, LOCAL_GET, 3, LOCAL_GET, 1, LOCAL_GET, 3, I32_LT_U, SELECT);
        code.raw(MEMORY_COPY).raw(END);
        code.raw(LOCAL_GET, 4);
    }

    private static Consumer<ByteWriter> load(int instruction) {
        return code -> code.raw(LOCAL_GET, 0, instruction, 0, 0);
    }

    private static Consumer<ByteWriter> store(int instruction) {
        return code -> code.raw(LOCAL_GET, 0, LOCAL_GET, 1, instruction, 0, 0);
    }
}
