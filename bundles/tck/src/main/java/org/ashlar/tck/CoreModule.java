package org.ashlar.tck;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds core modules in binary form for tests (WebAssembly core specification, chapter 5.5). Signatures are written
 * {@code "il:d"}: parameters, a colon, results; {@code i} is i32, {@code l} i64, {@code f} f32, {@code d} f64,
 * {@code r} funcref. It checks nothing, so that broken modules can be built too.
 */
public final class CoreModule {
    private static final int FUNCTION = 0;
    private static final int TABLE = 1;
    private static final int MEMORY = 2;
    private static final int GLOBAL = 3;
    private static final int TAG = 4;
    private static final int I32 = 0x7F;
    private static final int FUNCREF = 0x70;

    private final List<String> signatures = new ArrayList<>();
    private final List<byte[]> imports = new ArrayList<>();
    private final List<byte[]> functions = new ArrayList<>();
    private final List<byte[]> tables = new ArrayList<>();
    private final List<byte[]> memories = new ArrayList<>();
    private final List<byte[]> tags = new ArrayList<>();
    private final List<byte[]> globals = new ArrayList<>();
    private final List<byte[]> exports = new ArrayList<>();
    private final List<byte[]> elements = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<byte[]> segments = new ArrayList<>();
    private final List<byte[]> functionNames = new ArrayList<>();
    private int importedFunctions;
    private int startFunction = -1;

    /** The index of this type, added unless present. */
    public int type(String signature) {
        if (!signatures.contains(signature)) {
            signatures.add(signature);
        }
        return signatures.indexOf(signature);
    }

    // --- imports, before anything of the same kind is defined

    /** @return the function's index */
    public int importFunction(String module, String name, String signature) {
        imports.add(new Bytes().name(module).name(name).u8(FUNCTION).u32(type(signature)).done());
        return importedFunctions++;
    }

    public CoreModule importTable(String module, String name, int minimum) {
        imports.add(new Bytes().name(module).name(name).u8(TABLE).u8(FUNCREF).u8(0).u32(minimum).done());
        return this;
    }

    public CoreModule importMemory(String module, String name, int minimum) {
        imports.add(new Bytes().name(module).name(name).u8(MEMORY).u8(0).u32(minimum).done());
        return this;
    }

    /** A mutable i32. */
    public CoreModule importGlobal(String module, String name) {
        imports.add(new Bytes().name(module).name(name).u8(GLOBAL).u8(I32).u8(1).done());
        return this;
    }

    public CoreModule importTag(String module, String name, String signature) {
        imports.add(new Bytes().name(module).name(name).u8(TAG).u8(0).u32(type(signature)).done());
        return this;
    }

    // --- definitions

    /** A function that is exported under its name. @return its index */
    public int function(String name, String signature, Code body) {
        return function(name, signature, 0, body);
    }

    /** @param locals how many i32 locals it has besides its parameters */
    public int function(String name, String signature, int locals, Code body) {
        int index = importedFunctions + functions.size();
        functions.add(new Bytes().u32(type(signature)).done());
        byte[] code = body.bytes();
        Bytes content = new Bytes();
        if (locals == 0) {
            content.u32(0);
        } else {
            content.u32(1).u32(locals).u8(I32);
        }
        byte[] whole = content.raw(code).u8(Code.END).done();
        bodies.add(new Bytes().u32(whole.length).raw(whole).done());
        functionNames.add(new Bytes().u32(index).name(name).done());
        return exported(name, FUNCTION, index);
    }

    /** The module's memory, exported as {@code memory}. @param maximum in pages; negative: none */
    public CoreModule memory(int minimum, int maximum) {
        memories.add(limits(minimum, maximum));
        exported("memory", MEMORY, 0);
        return this;
    }

    /** A table of functions, exported as {@code table}. @param maximum negative: none */
    public CoreModule table(int minimum, int maximum) {
        tables.add(new Bytes().u8(FUNCREF).raw(limits(minimum, maximum)).done());
        exported("table", TABLE, 0);
        return this;
    }

    /** A mutable i32 global, exported under its name. */
    public CoreModule global(String name, int value) {
        globals.add(new Bytes().u8(I32).u8(1).raw(constant(value)).done());
        exported(name, GLOBAL, globals.size() - 1);
        return this;
    }

    /** An exception tag, exported under its name. */
    public CoreModule tag(String name, String signature) {
        tags.add(new Bytes().u8(0).u32(type(signature)).done());
        exported(name, TAG, tags.size() - 1);
        return this;
    }

    /** Puts functions into the first table when the module is instantiated. */
    public CoreModule element(int offset, int... members) {
        Bytes element = new Bytes().u32(0).raw(constant(offset)).u32(members.length);
        for (int member : members) {
            element.u32(member);
        }
        elements.add(element.done());
        return this;
    }

    public CoreModule activeData(int offset, byte[] content) {
        segments.add(new Bytes().u32(0).raw(constant(offset)).u32(content.length).raw(content).done());
        return this;
    }

    public CoreModule passiveData(byte[] content) {
        segments.add(new Bytes().u32(1).u32(content.length).raw(content).done());
        return this;
    }

    public CoreModule start(int function) {
        startFunction = function;
        return this;
    }

    /** Exports an import (or anything else) once more. */
    public CoreModule exportFunction(String name, int index) {
        exported(name, FUNCTION, index);
        return this;
    }

    private int exported(String name, int kind, int index) {
        exports.add(new Bytes().name(name).u8(kind).u32(index).done());
        return index;
    }

    // --- the binary form

    /** The module. */
    public byte[] bytes() {
        Bytes out = new Bytes().raw(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        section(out, 1, signatures.stream().map(CoreModule::functionType).toList());
        section(out, 2, imports);
        section(out, 3, functions);
        section(out, 4, tables);
        section(out, 5, memories);
        section(out, 13, tags);
        section(out, 6, globals);
        section(out, 7, exports);
        if (startFunction >= 0) {
            byte[] index = Leb.unsigned(startFunction);
            out.u8(8).u32(index.length).raw(index);
        }
        section(out, 9, elements);
        byte[] segmentCount = Leb.unsigned(segments.size());
        out.u8(12).u32(segmentCount.length).raw(segmentCount);
        section(out, 10, bodies);
        section(out, 11, segments);
        names(out);
        return out.done();
    }

    private static void section(Bytes out, int id, List<byte[]> entries) {
        if (!entries.isEmpty()) {
            byte[] content = vector(entries);
            out.u8(id).u32(content.length).raw(content);
        }
    }

    private static byte[] vector(List<byte[]> entries) {
        Bytes content = new Bytes().u32(entries.size());
        entries.forEach(content::raw);
        return content.done();
    }

    /** The custom section from which messages take the names of functions. */
    private void names(Bytes out) {
        byte[] map = vector(functionNames);
        byte[] content = new Bytes().name("name").u8(1).u32(map.length).raw(map).done();
        out.u8(0).u32(content.length).raw(content);
    }

    private static byte[] functionType(String signature) {
        int colon = signature.indexOf(':');
        return new Bytes().u8(0x60).raw(valueTypes(signature.substring(0, colon)))
                .raw(valueTypes(signature.substring(colon + 1))).done();
    }

    private static byte[] valueTypes(String letters) {
        Bytes types = new Bytes().u32(letters.length());
        letters.chars().forEach(letter -> types.u8(switch (letter) {
            case 'i' -> I32;
            case 'l' -> 0x7E;
            case 'f' -> 0x7D;
            case 'd' -> 0x7C;
            case 'r' -> FUNCREF;
            default -> throw new IllegalArgumentException("no value type is written " + (char) letter);
        }));
        return types.done();
    }

    private static byte[] limits(int minimum, int maximum) {
        return maximum < 0
                ? new Bytes().u8(0).u32(minimum).done()
                : new Bytes().u8(1).u32(minimum).u32(maximum).done();
    }

    private static byte[] constant(int value) {
        return new Bytes().raw(Code.code().i32(value).bytes()).u8(Code.END).done();
    }

    /** Bytes under construction. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes u8(int value) {
            out.write(value);
            return this;
        }

        Bytes u32(int value) {
            return raw(Leb.unsigned(value));
        }

        Bytes raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Bytes name(String name) {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            return u32(utf8.length).raw(utf8);
        }

        byte[] done() {
            return out.toByteArray();
        }
    }
}
