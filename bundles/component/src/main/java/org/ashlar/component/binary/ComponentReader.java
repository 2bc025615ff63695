package org.ashlar.component.binary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a component ({@code Binary.md}, "Component Definitions"). */
public final class ComponentReader {
    private static final int MAGIC = 0x6d736100;
    private static final int VERSION = 0x0d;

    private final DefinitionBudget budget;
    private final List<Definition> definitions = new ArrayList<>();

    private ComponentReader(DefinitionBudget budget) {
        this.budget = budget;
    }

    /**
     * @param bytes the binary form; kept and not to be changed
     * @throws Rejected when the binary format is not followed, or what is read is not supported
     */
    public static ComponentSyntax read(byte[] bytes) {
        if (bytes.length > Limits.COMPONENT_BYTES) {
            throw Rejected.limit("size of a component in bytes", Limits.COMPONENT_BYTES);
        }
        return read(new ByteReader(bytes, 0, bytes.length), new DefinitionBudget());
    }

    private static ComponentSyntax read(ByteReader in, DefinitionBudget budget) {
        budget.enter();
        ComponentReader reader = new ComponentReader(budget);
        header(in);
        while (!in.atEnd()) {
            int id = in.octet();
            if (id > 12) {
                throw in.malformed("malformed section id: " + id);
            }
            reader.section(id, in.slice(in.u32()));
        }
        budget.leave();
        return new ComponentSyntax(List.copyOf(reader.definitions));
    }

    private static void header(ByteReader in) {
        int magic = fixed(in, 4);
        if (magic != MAGIC) {
            throw in.malformed("magic header not detected: no WebAssembly");
        }
        int version = fixed(in, 2);
        int layer = fixed(in, 2);
        if (layer == 0) {
            throw in.malformed("expected a version header for a component");
        }
        if (version != VERSION || layer != 1) {
            throw in.malformed("unknown binary version: 0x" + Integer.toHexString(version) + ", layer " + layer);
        }
    }

    private static int fixed(ByteReader in, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= in.octet() << 8 * i;
        }
        return value;
    }

    private void section(int id, ByteReader in) {
        TypeReader types = new TypeReader(in, budget);
        switch (id) {
            case 0 -> in.name();
            case 1 -> {
                budget.module();
                define(new Definition.CoreModule(in.rest()));
            }
            case 2 -> repeat(in, "core instances", () -> coreInstance(in));
            case 3 -> repeat(in, "core types", () -> new Definition.CoreTypeDefinition(CoreTypeReader.definition(in)));
            case 4 -> define(new Definition.NestedComponent(read(in, budget)));
            case 5 -> repeat(in, "instances", () -> instance(in, types));
            case 6 -> repeat(in, "aliases", types::alias);
            case 7 -> repeat(in, "types", () -> new Definition.TypeDefinition(types.definition()));
            case 8 -> repeat(in, "canonical functions", new CanonReader(in, types)::definition);
            case 10 -> repeat(in, "imports", () -> new Definition.Import(types.externName(), types.extern()));
            case 11 -> repeat(in, "exports", () -> export(in, types));
            default -> throw Rejected.unsupported("value definitions and start functions of components");
        }
    }

    private void repeat(ByteReader in, String what, Supplier<Definition> item) {
        int count = in.count(what, Limits.DEFINITIONS);
        for (int i = 0; i < count; i++) {
            define(item.get());
        }
        in.expectEnd("section of " + what);
    }

    private void define(Definition definition) {
        budget.define();
        definitions.add(definition);
    }

    private Definition coreInstance(ByteReader in) {
        int form = in.octet();
        return switch (form) {
            case 0x00 -> new Definition.CoreInstantiate(in.index(),
                    in.vector("arguments", Limits.DEFINITIONS, () -> coreArgument(in)));
            case 0x01 -> new Definition.CoreBundle(in.vector("exports", Limits.DEFINITIONS,
                    () -> new Definition.CoreItem(in.name(), Sort.readCore(in, "external kind"), in.index())));
            default -> throw in.badByte(form, "core instance");
        };
    }

    private static Definition.CoreArgument coreArgument(ByteReader in) {
        String name = in.name();
        int kind = in.octet();
        if (kind != 0x12) {
            throw in.badByte(kind, "instantiation arg kind");
        }
        return new Definition.CoreArgument(name, in.index());
    }

    private Definition instance(ByteReader in, TypeReader types) {
        int form = in.octet();
        return switch (form) {
            case 0x00 -> new Definition.Instantiate(in.index(), in.vector("arguments", Limits.DEFINITIONS,
                    () -> new Definition.Argument(in.name(), Sort.read(in, "component external kind"), in.index())));
            case 0x01 -> new Definition.Bundle(in.vector("exports", Limits.DEFINITIONS,
                    () -> new Definition.Item(types.externName(), Sort.read(in, "component external kind"), in.index())));
            default -> throw in.badByte(form, "instance");
        };
    }

    private Definition export(ByteReader in, TypeReader types) {
        Definition.ExternName name = types.externName();
        Sort sort = Sort.read(in, "component external kind");
        int index = in.index();
        int ascribed = in.octet();
        return switch (ascribed) {
            case 0 -> new Definition.Export(name, sort, index, Optional.empty());
            case 1 -> new Definition.Export(name, sort, index, Optional.of(types.extern()));
            default -> throw in.badByte(ascribed, "optional component export type");
        };
    }
}
