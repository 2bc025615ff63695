package org.ashlar.component.binary;

import java.util.List;
import java.util.OptionalLong;

/** Reads the types of core WebAssembly 3.0 (binary format, section "Types"). */
final class CoreTypeReader {
    private static final long MAX_PAGES = 1L << 16;
    private static final int DEFAULT_PAGE_BITS = 16;

    private CoreTypeReader() {
    }

    static CoreValueType valueType(ByteReader in) {
        int code = in.octet();
        return switch (code) {
            case 0x7f -> CoreValueType.Plain.I32;
            case 0x7e -> CoreValueType.Plain.I64;
            case 0x7d -> CoreValueType.Plain.F32;
            case 0x7c -> CoreValueType.Plain.F64;
            case 0x7b -> CoreValueType.Plain.V128;
            case 0x64 -> new CoreValueType.Reference(false, heapType(in));
            case 0x63 -> new CoreValueType.Reference(true, heapType(in));
            default -> {
                if (code < 0x69 || code > 0x74) {
                    throw in.badByte(code, "a core value type");
                }
                yield new CoreValueType.Reference(true, code - 0x80);
            }
        };
    }

    private static int heapType(ByteReader in) {
        if (in.peek() == 0x65 || in.peek() == 0x62) {
            throw Rejected.unsupported("shared and exact heap types");
        }
        long heap = in.signed(33);
        if (heap >= Integer.MAX_VALUE || heap < -0x17 || heap < 0 && heap > -0x0c) {
            throw in.malformed("invalid heap type");
        }
        return (int) heap;
    }

    private static CoreType.Field field(ByteReader in) {
        CoreValueType type = switch (in.peek()) {
            case 0x78 -> packed(in, CoreValueType.Plain.I8);
            case 0x77 -> packed(in, CoreValueType.Plain.I16);
            default -> valueType(in);
        };
        return new CoreType.Field(type, mutability(in));
    }

    private static CoreValueType packed(ByteReader in, CoreValueType type) {
        in.octet();
        return type;
    }

    private static boolean mutability(ByteReader in) {
        int code = in.octet();
        if (code > 1) {
            throw in.malformed("malformed mutability");
        }
        return code == 1;
    }

    /** A group of types: {@code core:rectype}. */
    static List<CoreType> group(ByteReader in) {
        if (in.peek() != 0x4e) {
            return List.of(subtype(in));
        }
        in.octet();
        return in.vector("types in a recursive group", Limits.CORE_TYPES, () -> subtype(in));
    }

    static CoreType subtype(ByteReader in) {
        int code = in.peek();
        if (code != 0x50 && code != 0x4f) {
            return new CoreType(true, List.of(), composite(in));
        }
        in.octet();
        List<Integer> supertypes = in.vector("supertypes", Limits.TYPE_MEMBERS, in::index);
        return new CoreType(code == 0x4f, supertypes, composite(in));
    }

    private static CoreType.Composite composite(ByteReader in) {
        int code = in.octet();
        return switch (code) {
            case 0x60 -> new CoreType.Function(valueTypes(in), valueTypes(in));
            case 0x5f -> new CoreType.Struct(in.vector("fields", Limits.TYPE_MEMBERS, () -> field(in)));
            case 0x5e -> new CoreType.Array(field(in));
            case 0x65 -> throw Rejected.unsupported("shared core types");
            default -> throw in.badByte(code, "type definition");
        };
    }

    private static List<CoreValueType> valueTypes(ByteReader in) {
        return in.vector("values of a core function", Limits.TYPE_MEMBERS, () -> valueType(in));
    }

    /** The type of an import: {@code core:externtype}. */
    static CoreExtern extern(ByteReader in) {
        int code = in.octet();
        return switch (code) {
            case 0x00 -> new CoreExtern.Function(in.index());
            case 0x01 -> table(in);
            case 0x02 -> memory(in);
            case 0x03 -> new CoreExtern.Global(valueType(in), mutability(in));
            case 0x04 -> tag(in);
            default -> throw in.badByte(code, "external kind");
        };
    }

    static CoreExtern.Tag tag(ByteReader in) {
        if (in.octet() != 0) {
            throw in.malformed("invalid tag attribute");
        }
        return new CoreExtern.Tag(in.index());
    }

    static CoreExtern.Table table(ByteReader in) {
        CoreValueType element = valueType(in);
        if (!(element instanceof CoreValueType.Reference)) {
            throw in.malformed("malformed reference type");
        }
        int flags = in.octet();
        if ((flags & ~0x05) != 0) {
            throw in.malformed("malformed limits flags");
        }
        return new CoreExtern.Table(element, bounds(in, flags));
    }

    static CoreExtern.Memory memory(ByteReader in) {
        int flags = in.octet();
        if ((flags & ~0x0f) != 0) {
            throw in.malformed("malformed limits flags");
        }
        CoreExtern.Bounds bounds = bounds(in, flags);
        int pageBits = (flags & 0x08) != 0 ? in.u32() : DEFAULT_PAGE_BITS;
        if (!bounds.wide() && pageBits == DEFAULT_PAGE_BITS
                && (bounds.minimum() > MAX_PAGES || bounds.maximum().orElse(0) > MAX_PAGES)) {
            throw Rejected.invalid("memory size must be at most " + MAX_PAGES + " pages");
        }
        return new CoreExtern.Memory(bounds, (flags & 0x02) != 0, pageBits);
    }

    private static CoreExtern.Bounds bounds(ByteReader in, int flags) {
        boolean wide = (flags & 0x04) != 0;
        long minimum = wide ? in.u64() : Integer.toUnsignedLong(in.u32());
        OptionalLong maximum = (flags & 0x01) == 0 ? OptionalLong.empty()
                : OptionalLong.of(wide ? in.u64() : Integer.toUnsignedLong(in.u32()));
        return new CoreExtern.Bounds(wide, minimum, maximum);
    }

    /** A definition of a component's core type section: {@code core:type} of {@code Binary.md}. */
    static CoreTypeSyntax definition(ByteReader in) {
        switch (in.peek()) {
            case 0x50 -> {
                in.octet();
                return new CoreTypeSyntax.Module(in.vector("declarations of a module type", Limits.DEFINITIONS,
                        () -> declaration(in)));
            }
            case 0x00 -> {
                // A non-final subtype has a prefix here, as 0x50 alone is a module type.
                in.octet();
                if (in.peek() != 0x50) {
                    throw in.badByte(in.peek(), "a subtype");
                }
                return new CoreTypeSyntax.Group(List.of(subtype(in)));
            }
            default -> {
                return new CoreTypeSyntax.Group(group(in));
            }
        }
    }

    private static CoreTypeSyntax.Declaration declaration(ByteReader in) {
        int code = in.octet();
        return switch (code) {
            case 0x00 -> new CoreTypeSyntax.Declaration.Import(in.name(), in.name(), extern(in));
            case 0x01 -> new CoreTypeSyntax.Declaration.Type(definitionInModule(in));
            case 0x02 -> outerAlias(in);
            case 0x03 -> new CoreTypeSyntax.Declaration.Export(in.name(), extern(in));
            default -> throw in.badByte(code, "type definition");
        };
    }

    private static CoreTypeSyntax definitionInModule(ByteReader in) {
        if (in.peek() == 0x50) {
            throw Rejected.invalid("invalid leading byte (0x50): a module type cannot contain a module type");
        }
        return definition(in);
    }

    private static CoreTypeSyntax.Declaration outerAlias(ByteReader in) {
        int sort = in.octet();
        if (sort != 0x10) {
            throw in.badByte(sort, "outer alias kind");
        }
        int target = in.octet();
        if (target != 0x01) {
            throw in.badByte(target, "outer alias target");
        }
        return new CoreTypeSyntax.Declaration.AliasOuter(in.index(), in.index());
    }
}
