package org.ashlar.component;

import java.util.Arrays;
import java.util.List;

import org.ashlar.component.binary.Limits;

/** Lists of any length. */
final class ListCodec extends PointerCodec {
    /** About what an element takes of the heap beyond its bytes in memory: its object, and the reference to it. */
    private static final int ELEMENT_OVERHEAD = 4;

    /** Lists of bytes are arrays. */
    static final Codec BYTES = new Bytes();

    private final Codec element;

    private ListCodec(Codec element) {
        this.element = element;
    }

    static Codec of(Codec element) {
        return new ListCodec(element);
    }

    @Override
    Object loadContent(Abi abi, Call call, int address, int length) {
        abi.checkContent(address, element.alignment, unsigned(length) * element.size, "list");
        if (length == 0) {
            return List.of();
        }
        abi.charge((long) length * ELEMENT_OVERHEAD);
        Object[] elements = new Object[length];
        for (int i = 0; i < length; i++) {
            elements[i] = element.load(abi, call, address + i * element.size);
        }
        return Arrays.asList(elements);
    }

    @Override
    long storeContent(Abi abi, Call call, Object value) {
        List<?> elements = (List<?>) value;
        long bytes = (long) elements.size() * element.size;
        if (bytes > Limits.VALUE_BYTES) {
            throw new IllegalArgumentException("a list of " + bytes + " bytes exceeds the limit of " + Limits.VALUE_BYTES);
        }
        int address = abi.allocate(element.alignment, (int) bytes, "list");
        int next = address;
        if (!elements.isEmpty()) { // most are: no iterator then
            for (Object each : elements) {
                element.store(abi, call, each, next);
                next += element.size;
            }
        }
        return pair(address, elements.size());
    }

    private static final class Bytes extends PointerCodec {
        @Override
        Object loadContent(Abi abi, Call call, int address, int length) {
            return abi.memory.read(address, abi.checkContent(address, 1, unsigned(length), "list"));
        }

        @Override
        long storeContent(Abi abi, Call call, Object value) {
            byte[] bytes = (byte[]) value;
            int address = abi.allocate(1, bytes.length, "list");
            abi.memory.write(address, bytes, 0, bytes.length);
            return pair(address, bytes.length);
        }
    }
}
