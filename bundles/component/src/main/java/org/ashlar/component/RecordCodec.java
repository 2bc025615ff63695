package org.ashlar.component;

import java.util.List;

/** Records and tuples: their fields in order, each at its alignment. What {@link CodecGenerator} writes out for most. */
final class RecordCodec extends Codec {
    private final Codec[] fields;
    private final int[] offsets;
    private final int[] flatOffsets;

    private RecordCodec(Layout layout, Codec[] fields) {
        super(align(layout.size, layout.alignment), layout.alignment, layout.flatCount);
        this.fields = fields;
        this.offsets = layout.offsets;
        this.flatOffsets = layout.flatOffsets;
    }

    static RecordCodec of(List<? extends Codec> fields) {
        Codec[] array = fields.toArray(Codec[]::new);
        return new RecordCodec(new Layout(array), array);
    }

    @Override
    Object[] load(Abi abi, Call call, int address) {
        Object[] values = new Object[fields.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = fields[i].load(abi, call, address + offsets[i]);
        }
        return values;
    }

    @Override
    void store(Abi abi, Call call, Object value, int address) {
        Object[] values = values(value, fields.length);
        for (int i = 0; i < values.length; i++) {
            fields[i].store(abi, call, values[i], address + offsets[i]);
        }
    }

    @Override
    Object[] lift(Abi abi, Call call, long[] flat, int at) {
        Object[] values = new Object[fields.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = fields[i].lift(abi, call, flat, at + flatOffsets[i]);
        }
        return values;
    }

    @Override
    void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        Object[] values = values(value, fields.length);
        for (int i = 0; i < values.length; i++) {
            fields[i].lower(abi, call, values[i], flat, at + flatOffsets[i]);
        }
    }

    /** The fields of a record that is an array. */
    static Object[] values(Object value, int fields) {
        Object[] values = (Object[]) value;
        if (values.length != fields) {
            throw new IllegalArgumentException(fields + " fields are expected, not " + values.length);
        }
        return values;
    }

    int fieldCount() {
        return fields.length;
    }

    Codec field(int index) {
        return fields[index];
    }

    /** From the beginning of the record in memory, in bytes. */
    int offset(int index) {
        return offsets[index];
    }

    int flatOffset(int index) {
        return flatOffsets[index];
    }

    /** Where the fields are. */
    private static final class Layout {
        private final int[] offsets;
        private final int[] flatOffsets;
        private int size;
        private int alignment = 1;
        private int flatCount;

        Layout(Codec[] fields) {
            offsets = new int[fields.length];
            flatOffsets = new int[fields.length];
            for (int i = 0; i < fields.length; i++) {
                size = align(size, fields[i].alignment);
                offsets[i] = size;
                flatOffsets[i] = flatCount;
                size += fields[i].size;
                alignment = Math.max(alignment, fields[i].alignment);
                flatCount = Math.min(flatCount + fields[i].flatCount, FLAT_MAX);
            }
        }
    }
}
