package org.ashlar.maven.component;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ashlar.maven.component.InterfaceType.Alias;
import org.ashlar.maven.component.InterfaceType.Definition;
import org.ashlar.maven.component.InterfaceType.Enumeration;
import org.ashlar.maven.component.InterfaceType.Function;
import org.ashlar.maven.component.InterfaceType.Record;
import org.ashlar.maven.component.InterfaceType.Variant;
import org.ashlar.maven.component.ValueType.Labelled;
import org.ashlar.maven.wasm.ByteWriter;

/**
 * Encodes an interface as an instance type (component model, binary format, "instancetype"). Each named type takes
 * two type indices: its structure, and the export that gives it its name; only the second may be used further on.
 */
final class InterfaceEncoder {

    private static final int INSTANCE_TYPE = 0x42;
    private static final int DECLARE_TYPE = 0x01;
    private static final int DECLARE_EXPORT = 0x04;
    private static final int FUNCTION_TYPE = 0x40;

    private static final int RECORD = 0x72;
    private static final int VARIANT = 0x71;
    private static final int LIST = 0x70;
    private static final int TUPLE = 0x6f;
    private static final int ENUM = 0x6d;
    private static final int OPTION = 0x6b;
    private static final int RESULT = 0x6a;

    private final ByteWriter declarations = new ByteWriter();
    private final Map<ValueType, Integer> indices = new HashMap<>();
    private int declarationCount;
    private int typeCount;

    private InterfaceEncoder() {
    }

    /** The instance type, with all types of the interface and those of its functions that are used. */
    static void encode(ByteWriter out, InterfaceType interfaceType, Set<String> usedFunctions) {
        InterfaceEncoder encoder = new InterfaceEncoder();
        interfaceType.types().forEach(encoder::declare);
        interfaceType.functions().forEach((name, function) -> {
            if (usedFunctions.contains(name)) {
                encoder.declare(name, function);
            }
        });
        out.raw(INSTANCE_TYPE).unsigned(encoder.declarationCount).raw(encoder.declarations.toBytes());
    }

    private void declare(String name, Definition definition) {
        ByteWriter type = new ByteWriter();
        if (definition instanceof Alias alias) {
            writeStructure(type, alias.type());
        } else if (definition instanceof Record record) {
            labelled(type.raw(RECORD), record.fields());
        } else if (definition instanceof Variant variant) {
            cases(type.raw(VARIANT), variant.cases());
        } else if (definition instanceof Enumeration enumeration) {
            type.raw(ENUM).vector(enumeration.labels(), ByteWriter::name);
        }
        int structure = declareType(type);
        declareExport(name).raw(0x03, 0x00).unsigned(structure);
        indices.put(ValueType.named(name), typeCount++);
    }

    private void declare(String name, Function function) {
        ByteWriter type = new ByteWriter().raw(FUNCTION_TYPE);
        labelled(type, function.parameters());
        if (function.result().isPresent()) {
            writeUse(type.raw(0x00), function.result().get());
        } else {
            type.raw(0x01, 0x00);
        }
        int index = declareType(type);
        declareExport(name).raw(0x01).unsigned(index);
    }

    private int declareType(ByteWriter type) {
        declarations.raw(DECLARE_TYPE).raw(type.toBytes());
        declarationCount++;
        return typeCount++;
    }

    private ByteWriter declareExport(String name) {
        declarationCount++;
        return declarations.raw(DECLARE_EXPORT, 0x00).name(name);
    }

    private void labelled(ByteWriter out, List<Labelled> fields) {
        out.vector(fields, (writer, field) -> writeUse(writer.name(field.label()), field.type().orElseThrow()));
    }

    private void cases(ByteWriter out, List<Labelled> cases) {
        out.vector(cases, (writer, one) -> {
            writer.name(one.label());
            one.type().ifPresentOrElse(type -> writeUse(writer.raw(0x01), type), () -> writer.raw(0x00));
            writer.raw(0x00);
        });
    }

    /** A type where a value has it: a primitive's code, or the index of a type declared before. */
    private void writeUse(ByteWriter out, ValueType type) {
        if (type instanceof ValueType.Primitive primitive) {
            out.raw(primitive.code);
        } else {
            out.signed(index(type));
        }
    }

    /** The index of a type, which is declared on its first use. */
    private int index(ValueType type) {
        Integer known = indices.get(type);
        if (known != null) {
            return known;
        }
        if (type instanceof ValueType.Named named) {
            throw new IllegalStateException("the interface uses " + named + " before it declares it");
        }
        ByteWriter structure = new ByteWriter();
        writeStructure(structure, type);
        int index = declareType(structure);
        indices.put(type, index);
        return index;
    }

    private void writeStructure(ByteWriter out, ValueType type) {
        if (type instanceof ValueType.Primitive primitive) {
            out.raw(primitive.code);
        } else if (type instanceof ValueType.Named) {
            writeUse(out, type);
        } else if (type instanceof ValueType.ListOf list) {
            writeUse(out.raw(LIST), list.element());
        } else if (type instanceof ValueType.OptionOf option) {
            writeUse(out.raw(OPTION), option.value());
        } else if (type instanceof ValueType.TupleOf tuple) {
            out.raw(TUPLE).vector(tuple.parts(), this::writeUse);
        } else if (type instanceof ValueType.ResultOf result) {
            writeUse(out.raw(RESULT, 0x01), result.ok());
            writeUse(out.raw(0x01), result.error());
        }
    }
}
