package org.ashlar.component.binary;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.ashlar.component.type.ValueType.Primitive;

/** Reads type definitions and the types of imports and exports ({@code Binary.md}, "Type Definitions"). */
final class TypeReader {
    private static final Map<Integer, Primitive> PRIMITIVES = Map.ofEntries(
            Map.entry(0x7f, Primitive.BOOL), Map.entry(0x7e, Primitive.S8), Map.entry(0x7d, Primitive.U8),
            Map.entry(0x7c, Primitive.S16), Map.entry(0x7b, Primitive.U16), Map.entry(0x7a, Primitive.S32),
            Map.entry(0x79, Primitive.U32), Map.entry(0x78, Primitive.S64), Map.entry(0x77, Primitive.U64),
            Map.entry(0x76, Primitive.F32), Map.entry(0x75, Primitive.F64), Map.entry(0x74, Primitive.CHAR),
            Map.entry(0x73, Primitive.STRING));
    private static final int ERROR_CONTEXT = 0x64;

    private final ByteReader in;
    private final DefinitionBudget budget;

    TypeReader(ByteReader in, DefinitionBudget budget) {
        this.in = in;
        this.budget = budget;
    }

    TypeSyntax definition() {
        budget.define();
        int code = in.peek();
        Primitive primitive = PRIMITIVES.get(code);
        if (primitive != null) {
            in.octet();
            return new TypeSyntax.PrimitiveType(primitive);
        }
        in.octet();
        return switch (code) {
            case 0x72 -> new TypeSyntax.Record(in.vector("fields", Limits.TYPE_MEMBERS, this::field));
            case 0x71 -> new TypeSyntax.Variant(in.vector("cases", Limits.TYPE_MEMBERS, this::variantCase));
            case 0x70 -> new TypeSyntax.ListOf(reference(), OptionalInt.empty());
            case 0x6f -> new TypeSyntax.Tuple(in.vector("elements", Limits.TYPE_MEMBERS, this::reference));
            case 0x6e -> new TypeSyntax.Flags(in.vector("flags", Limits.TYPE_MEMBERS, in::name));
            case 0x6d -> new TypeSyntax.Enum(in.vector("cases", Limits.TYPE_MEMBERS, in::name));
            case 0x6b -> new TypeSyntax.Option(reference());
            case 0x6a -> new TypeSyntax.Result(optional(), optional());
            case 0x69 -> new TypeSyntax.Own(in.index());
            case 0x68 -> new TypeSyntax.Borrow(in.index());
            case 0x67 -> new TypeSyntax.ListOf(reference(), OptionalInt.of(in.index()));
            case 0x66 -> new TypeSyntax.Stream(optional());
            case 0x65 -> new TypeSyntax.Future(optional());
            case 0x63 -> new TypeSyntax.MapOf(reference(), reference());
            case 0x40 -> function(false);
            case 0x43 -> function(true);
            case 0x3f -> resource();
            case 0x41 -> new TypeSyntax.Component(declarations(true));
            case 0x42 -> new TypeSyntax.Instance(declarations(false));
            case ERROR_CONTEXT -> throw errorContext();
            default -> throw in.badByte(code, "component defined type");
        };
    }

    private static Rejected errorContext() {
        return Rejected.unsupported("error-context");
    }

    private TypeSyntax.Field field() {
        return new TypeSyntax.Field(in.name(), reference());
    }

    private TypeSyntax.Case variantCase() {
        String name = in.name();
        Optional<TypeSyntax.Reference> payload = optional();
        int refines = in.octet();
        if (refines != 0) {
            throw in.badByte(refines, "zero byte required");
        }
        return new TypeSyntax.Case(name, payload);
    }

    private Optional<TypeSyntax.Reference> optional() {
        int present = in.octet();
        return switch (present) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(reference());
            default -> throw in.badByte(present, "optional component value type");
        };
    }

    private TypeSyntax.Reference reference() {
        int code = in.peek();
        Primitive primitive = PRIMITIVES.get(code);
        if (primitive != null) {
            in.octet();
            return new TypeSyntax.Reference.Direct(primitive);
        }
        if (code == ERROR_CONTEXT) {
            throw errorContext();
        }
        long index = in.signed(33);
        if (index < 0) {
            throw in.badByte(code, "component value type");
        }
        return new TypeSyntax.Reference.Indexed((int) Math.min(index, Integer.MAX_VALUE));
    }

    private TypeSyntax.Function function(boolean async) {
        return new TypeSyntax.Function(async, in.vector("parameters", Limits.TYPE_MEMBERS, this::field), result());
    }

    private Optional<TypeSyntax.Reference> result() {
        int code = in.octet();
        switch (code) {
            case 0 -> {
                return Optional.of(reference());
            }
            case 1 -> {
                int count = in.octet();
                if (count != 0) {
                    throw in.badByte(count, "number of results");
                }
                return Optional.empty();
            }
            default -> throw in.badByte(code, "component function results");
        }
    }

    /** Reads a {@code resultlist} as the operand of a built-in. */
    void skipResult() {
        result();
    }

    private TypeSyntax.Resource resource() {
        int representation = in.octet();
        if (representation != 0x7f) {
            if (representation == 0x7e) {
                throw Rejected.unsupported("resources represented as i64");
            }
            throw in.badByte(representation, "resource representation");
        }
        int present = in.octet();
        return switch (present) {
            case 0 -> new TypeSyntax.Resource(OptionalInt.empty());
            case 1 -> new TypeSyntax.Resource(OptionalInt.of(in.index()));
            default -> throw in.badByte(present, "optional destructor");
        };
    }

    private List<TypeSyntax.Declaration> declarations(boolean component) {
        budget.enter();
        List<TypeSyntax.Declaration> declarations = in.vector("declarations of a type", Limits.DEFINITIONS, () -> declaration(component));
        budget.leave();
        return declarations;
    }

    private TypeSyntax.Declaration declaration(boolean component) {
        budget.define();
        int code = in.octet();
        return switch (code) {
            case 0x00 -> new TypeSyntax.Declaration.CoreType(CoreTypeReader.definition(in));
            case 0x01 -> new TypeSyntax.Declaration.Type(definition());
            case 0x02 -> new TypeSyntax.Declaration.Alias(alias());
            case 0x04 -> new TypeSyntax.Declaration.Export(externName(), extern());
            case 0x03 -> {
                if (component) {
                    yield new TypeSyntax.Declaration.Import(externName(), extern());
                }
                throw in.badByte(code, "component or instance type declaration");
            }
            default -> throw in.badByte(code, "component or instance type declaration");
        };
    }

    Definition alias() {
        int sort = in.octet();
        int coreSort = sort == 0 ? in.octet() : -1;
        int target = in.octet();
        return switch (target) {
            case 0x00 -> new Definition.AliasExport(sort(sort, coreSort, "component external kind"), in.index(), in.name());
            case 0x01 -> new Definition.AliasCoreExport(sort(sort, coreSort, "external kind"), in.index(), in.name());
            case 0x02 -> outerAlias(sort, coreSort);
            default -> throw in.badByte(target, "alias");
        };
    }

    private Definition outerAlias(int code, int coreCode) {
        String what = "component outer alias kind";
        Sort sort = sort(code, coreCode, what);
        return switch (sort) {
            case CORE_TYPE, CORE_MODULE, TYPE, COMPONENT -> new Definition.AliasOuter(sort, in.index(), in.index());
            default -> throw in.badByte(coreCode < 0 ? code : coreCode, what);
        };
    }

    private Sort sort(int code, int coreCode, String what) {
        byte[] bytes = {(byte) code, (byte) coreCode};
        try {
            return Sort.read(new ByteReader(bytes, 0, 2), what);
        } catch (Rejected e) {
            throw in.badByte(coreCode < 0 ? code : coreCode, what);
        }
    }

    Definition.ExternName externName() {
        int form = in.octet();
        if (form > 2) {
            throw in.badByte(form, "component name");
        }
        String name = in.name();
        String implementsName = null;
        String versionSuffix = null;
        String externalId = null;
        int count = form == 2 ? in.count("attributes of a name", Limits.TYPE_MEMBERS) : 0;
        for (int i = 0; i < count; i++) {
            int attribute = in.octet();
            switch (attribute) {
                case 0x00 -> implementsName = once("implements", implementsName);
                case 0x01 -> versionSuffix = once("versionsuffix", versionSuffix);
                case 0x02 -> externalId = once("external-id", externalId);
                default -> throw in.badByte(attribute, "name option");
            }
        }
        return new Definition.ExternName(name, Optional.ofNullable(implementsName), Optional.ofNullable(versionSuffix));
    }

    private String once(String attribute, String previous) {
        if (previous != null) {
            throw Rejected.invalid("duplicate '" + attribute + "' option in name");
        }
        return in.name();
    }

    Definition.ExternSyntax extern() {
        int code = in.octet();
        return switch (code) {
            case 0x00 -> {
                int sort = in.octet();
                if (sort != 0x11) {
                    throw in.badByte(sort, "component external kind");
                }
                yield new Definition.ExternSyntax.Module(in.index());
            }
            case 0x01 -> new Definition.ExternSyntax.Function(in.index());
            case 0x02 -> throw Rejected.unsupported("values as imports and exports");
            case 0x03 -> typeBound();
            case 0x04 -> new Definition.ExternSyntax.Component(in.index());
            case 0x05 -> new Definition.ExternSyntax.Instance(in.index());
            default -> throw in.badByte(code, "component external kind");
        };
    }

    private Definition.ExternSyntax typeBound() {
        int bound = in.octet();
        return switch (bound) {
            case 0x00 -> new Definition.ExternSyntax.Type(OptionalInt.of(in.index()));
            case 0x01 -> new Definition.ExternSyntax.Type(OptionalInt.empty());
            default -> throw in.badByte(bound, "type bound");
        };
    }
}
