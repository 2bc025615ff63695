package org.ashlar.component;

import java.util.Arrays;
import java.util.List;

/** Lists of a fixed length: their elements stand one after the other, as the fields of a record do. */
final class SequenceCodec extends Codec {
    private final Codec element;
    private final int length;
    private final boolean bytes;

    /** @param bytes whether the elements are bytes, and the list therefore an array */
    SequenceCodec(Codec element, int length, boolean bytes) {
        super(element.size * length, element.alignment, (int) Math.min((long) element.flatCount * length, FLAT_MAX));
        this.element = element;
        this.length = length;
        this.bytes = bytes;
    }

    @Override
    Object load(Abi abi, Call call, int address) {
        if (bytes) {
            return abi.memory.read(address, abi.checkContent(address, 1, length, "list"));
        }
        abi.checkContent(address, alignment, size, "list");
        Object[] elements = new Object[length];
        for (int i = 0; i < length; i++) {
            elements[i] = element.load(abi, call, address + i * element.size);
        }
        return Arrays.asList(elements);
    }

    @Override
    void store(Abi abi, Call call, Object value, int address) {
        if (bytes) {
            byte[] array = (byte[]) value;
            checkLength(array.length);
            abi.memory.write(address, array, 0, length);
            return;
        }
        int next = address;
        for (Object each : elements(value)) {
            element.store(abi, call, each, next);
            next += element.size;
        }
    }

    @Override
    Object lift(Abi abi, Call call, long[] flat, int at) {
        Object[] elements = new Object[length];
        for (int i = 0; i < length; i++) {
            elements[i] = element.lift(abi, call, flat, at + i * element.flatCount);
        }
        return bytes ? array(elements) : Arrays.asList(elements);
    }

    @Override
    void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        if (bytes) {
            byte[] array = (byte[]) value;
            checkLength(array.length);
            for (int i = 0; i < length; i++) {
                flat[at + i] = array[i] & 0xff;
            }
            return;
        }
        int next = at;
        for (Object each : elements(value)) {
            element.lower(abi, call, each, flat, next);
            next += element.flatCount;
        }
    }

    private static byte[] array(Object[] elements) {
        byte[] array = new byte[elements.length];
        for (int i = 0; i < array.length; i++) {
            array[i] = ((Integer) elements[i]).byteValue();
        }
        return array;
    }

    private List<?> elements(Object value) {
        List<?> elements = (List<?>) value;
        checkLength(elements.size());
        return elements;
    }

    private void checkLength(int actual) {
        if (actual != length) {
            throw new IllegalArgumentException("a list of " + length + " elements is expected, not of " + actual);
        }
    }
}
