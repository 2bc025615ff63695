package org.ashlar.component.binary;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes the type section that the core modules of a component share. */
final class CoreTypeWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int groupStart;

    private CoreTypeWriter() {
    }

    /** The content of a type section with all types, where each has its number as index. */
    static byte[] section(CoreTypes types) {
        CoreTypeWriter writer = new CoreTypeWriter();
        u32(writer.out, types.groups().size());
        for (List<CoreType> group : types.groups()) {
            writer.group(group);
            writer.groupStart += group.size();
        }
        return writer.out.toByteArray();
    }

    static void u32(ByteArrayOutputStream out, int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    static void signed(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest < -64 || rest >= 64) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>= 7;
        }
        out.write((int) (rest & 0x7f));
    }

    private void group(List<CoreType> group) {
        if (group.size() != 1) {
            out.write(0x4e);
            u32(out, group.size());
        }
        group.forEach(this::type);
    }

    private void type(CoreType type) {
        if (!type.isFinal() || !type.supertypes().isEmpty()) {
            out.write(type.isFinal() ? 0x4f : 0x50);
            u32(out, type.supertypes().size());
            type.supertypes().forEach(supertype -> u32(out, number(supertype)));
        }
        switch (type.composite()) {
            case CoreType.Function(var parameters, var results) -> {
                out.write(0x60);
                values(parameters);
                values(results);
            }
            case CoreType.Struct(var fields) -> {
                out.write(0x5f);
                u32(out, fields.size());
                fields.forEach(this::field);
            }
            case CoreType.Array(var element) -> {
                out.write(0x5e);
                field(element);
            }
        }
    }

    private void field(CoreType.Field field) {
        value(field.type());
        out.write(field.mutable() ? 1 : 0);
    }

    private void values(List<CoreValueType> values) {
        u32(out, values.size());
        values.forEach(this::value);
    }

    private void value(CoreValueType value) {
        switch (value) {
            case CoreValueType.Plain plain -> out.write(plain.code());
            case CoreValueType.Reference(boolean nullable, int heap) -> {
                out.write(nullable ? 0x63 : 0x64);
                signed(out, number(heap));
            }
        }
    }

    private int number(int heap) {
        return heap <= CoreValueType.OWN_GROUP ? groupStart + CoreValueType.OWN_GROUP - heap : heap;
    }
}
