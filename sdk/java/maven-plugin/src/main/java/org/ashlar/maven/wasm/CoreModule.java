package org.ashlar.maven.wasm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a component needs to know of a core module: the functions that it imports and the names that it exports.
 *
 * @param bytes the whole module
 * @param imports in the module's order
 * @param exports in the module's order
 */
public record CoreModule(byte[] bytes, List<Import> imports, List<String> exports) {

    private static final int MAGIC = 0x6d736100;
    private static final int VERSION = 1;
    private static final int IMPORT_SECTION = 2;
    private static final int EXPORT_SECTION = 7;
    private static final int FUNCTION = 0;

    /** An imported function. */
    public record Import(String module, String name) {
    }

    /**
     * Reads a module's import and export sections.
     *
     * @throws IllegalArgumentException if this is no core module, or it imports anything but functions
     */
    public static CoreModule read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < 8 || in.getInt() != MAGIC || in.getInt() != VERSION) {
            throw new IllegalArgumentException("not a core WebAssembly module: it does not begin with \\0asm 1");
        }
        List<Import> imports = new ArrayList<>();
        List<String> exports = new ArrayList<>();
        while (in.hasRemaining()) {
            int id = in.get();
            int end = Math.addExact(unsigned(in), in.position());
            if (id == IMPORT_SECTION) {
                readImports(in, imports);
            } else if (id == EXPORT_SECTION) {
                readExports(in, exports);
            }
            in.position(end);
        }
        return new CoreModule(bytes, List.copyOf(imports), List.copyOf(exports));
    }

    private static void readImports(ByteBuffer in, List<Import> imports) {
        for (int count = unsigned(in); count > 0; count--) {
            Import read = new Import(name(in), name(in));
            if (in.get() != FUNCTION) {
                throw new IllegalArgumentException("the import " + read + " is no function");
            }
            unsigned(in);
            imports.add(read);
        }
    }

    private static void readExports(ByteBuffer in, List<String> exports) {
        for (int count = unsigned(in); count > 0; count--) {
            exports.add(name(in));
            in.get();
            unsigned(in);
        }
    }

    private static String name(ByteBuffer in) {
        byte[] text = new byte[unsigned(in)];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static int unsigned(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than five bytes at offset " + in.position());
    }
}
