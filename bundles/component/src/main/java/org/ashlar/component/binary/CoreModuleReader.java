package org.ashlar.component.binary;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what a core module imports and exports. Its code, data and elements are not looked at: the engine validates them
 * when it compiles the module.
 */
public final class CoreModuleReader {
    private static final int MAGIC = 0x6d736100;
    private static final int TAG_SECTION = 13;
    private static final int DATA_COUNT_SECTION = 12;

    private final CoreTypes types;
    private final List<Integer> typeNumbers = new ArrayList<>();
    private final List<CoreModuleType.Import> imports = new ArrayList<>();
    private final Set<List<String>> importNames = new HashSet<>();
    private final Map<String, CoreExtern> exports = new LinkedHashMap<>();
    private final Map<Sort, List<CoreExtern>> spaces = new EnumMap<>(Sort.class);
    private boolean mayShareFunctions;

    private CoreModuleReader(CoreTypes types) {
        this.types = types;
        for (Sort sort : List.of(Sort.CORE_FUNCTION, Sort.CORE_TABLE, Sort.CORE_MEMORY, Sort.CORE_GLOBAL, Sort.CORE_TAG)) {
            spaces.put(sort, new ArrayList<>());
        }
    }

    /** Whether the bytes begin as those of a core module do. */
    public static boolean isCoreModule(byte[] bytes) {
        return bytes.length >= 8 && bytes[0] == 0 && bytes[1] == 'a' && bytes[2] == 's' && bytes[3] == 'm'
                && bytes[4] == 1 && bytes[5] == 0 && bytes[6] == 0 && bytes[7] == 0;
    }

    public static CoreModule read(ByteRange bytes, CoreTypes types) {
        CoreModuleReader reader = new CoreModuleReader(types);
        reader.sections(bytes.reader());
        return new CoreModule(bytes, new CoreModuleType(reader.imports, reader.exports),
                reader.typeNumbers.stream().mapToInt(Integer::intValue).toArray(), reader.mayShareFunctions);
    }

    static void header(ByteReader in) {
        int magic = fixed(in, 4);
        if (magic != MAGIC) {
            throw in.malformed("magic header not detected");
        }
        int version = fixed(in, 4);
        if (version >>> 16 == 1) {
            throw in.malformed("expected a version header for a module");
        }
        if (version != 1) {
            throw in.malformed("unknown binary version: 0x" + Integer.toHexString(version));
        }
    }

    private static int fixed(ByteReader in, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= in.octet() << 8 * i;
        }
        return value;
    }

    private void sections(ByteReader in) {
        header(in);
        int last = 0;
        while (!in.atEnd()) {
            int id = in.octet();
            if (id > TAG_SECTION) {
                throw in.malformed("malformed section id: " + id);
            }
            ByteReader section = in.slice(in.u32());
            if (id == 0) {
                section.name();
                continue;
            }
            if (rank(id) <= last) {
                throw section.malformed("section out of order");
            }
            last = rank(id);
            section(id, section);
        }
    }

    /** The place of a section: by its number, save for the two that were added in between. */
    private static int rank(int id) {
        return switch (id) {
            case TAG_SECTION -> 55;
            case DATA_COUNT_SECTION -> 95;
            default -> id * 10;
        };
    }

    private void section(int id, ByteReader in) {
        switch (id) {
            case 1 -> repeat(in, "types", () -> group(in));
            case 2 -> repeat(in, "imports", () -> importItem(in));
            case 3 -> repeat(in, "functions", () -> define(new CoreExtern.Function(in.index())));
            case 4 -> repeat(in, "tables", () -> tableItem(in));
            case 5 -> repeat(in, "memories", () -> define(CoreTypeReader.memory(in)));
            case 6 -> repeat(in, "globals", () -> globalItem(in));
            case 7 -> repeat(in, "exports", () -> exportItem(in));
            case TAG_SECTION -> repeat(in, "tags", () -> define(CoreTypeReader.tag(in)));
            default -> { }
        }
    }

    private static void repeat(ByteReader in, String what, Runnable item) {
        int count = in.count(what, Limits.CORE_ITEMS);
        for (int i = 0; i < count; i++) {
            item.run();
        }
        in.expectEnd("section of " + what);
    }

    private void group(ByteReader in) {
        List<CoreType> group = CoreTypeReader.group(in);
        int first = types.intern(group, typeNumbers.size(), typeNumbers::get);
        for (int i = 0; i < group.size(); i++) {
            typeNumbers.add(first + i);
        }
    }

    private CoreExtern define(CoreExtern local) {
        CoreExtern extern = local.mapped(this::number);
        switch (extern) {
            case CoreExtern.Function(int type) -> types.function(type);
            case CoreExtern.Tag(int type) -> {
                if (!types.function(type).results().isEmpty()) {
                    throw Rejected.invalid("non-empty tag result type");
                }
            }
            default -> { }
        }
        spaces.get(extern.sort()).add(extern);
        return extern;
    }

    private int number(int index) {
        if (index >= typeNumbers.size()) {
            throw Rejected.invalid("unknown type " + index + ": type index out of bounds");
        }
        return typeNumbers.get(index);
    }

    private void importItem(ByteReader in) {
        String module = in.name();
        String name = in.name();
        CoreExtern extern = define(CoreTypeReader.extern(in));
        if (!importNames.add(List.of(module, name))) {
            throw Rejected.invalid("duplicate import name `" + module + ":" + name + "`");
        }
        imports.add(new CoreModuleType.Import(module, name, extern));
        noteSharing(extern);
    }

    private void tableItem(ByteReader in) {
        if (in.peek() == 0x40) {
            in.octet();
            if (in.octet() != 0) {
                throw in.malformed("malformed table");
            }
            define(CoreTypeReader.table(in));
            CoreCode.skipExpression(in);
        } else {
            define(CoreTypeReader.table(in));
        }
    }

    private void globalItem(ByteReader in) {
        CoreValueType type = CoreTypeReader.valueType(in);
        int mutable = in.octet();
        if (mutable > 1) {
            throw in.malformed("malformed mutability");
        }
        define(new CoreExtern.Global(type, mutable == 1));
        CoreCode.skipExpression(in);
    }

    private void exportItem(ByteReader in) {
        String name = in.name();
        Sort sort = Sort.readCore(in, "external kind");
        List<CoreExtern> space = spaces.get(sort);
        if (space == null) {
            throw in.malformed("malformed export kind");
        }
        int index = in.index();
        if (index >= space.size()) {
            throw Rejected.invalid("unknown " + sort + " " + index + ": " + sort + " index out of bounds");
        }
        if (exports.put(name, space.get(index)) != null) {
            throw Rejected.invalid("duplicate export name `" + name + "` already defined");
        }
        noteSharing(space.get(index));
    }

    /** Tables, and globals and functions with references, are how a function of one module gets into another's call_indirect. */
    private void noteSharing(CoreExtern extern) {
        mayShareFunctions |= switch (extern) {
            case CoreExtern.Table _ -> true;
            case CoreExtern.Global(var type, _) -> type instanceof CoreValueType.Reference;
            case CoreExtern.Function(int type) -> types.function(type).parameters().stream()
                    .anyMatch(CoreValueType.Reference.class::isInstance) || types.function(type).results().stream()
                    .anyMatch(CoreValueType.Reference.class::isInstance);
            case CoreExtern.Tag _ -> true;
            case CoreExtern.Memory _ -> false;
        };
    }
}
