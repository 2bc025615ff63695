package org.ashlar.component.binary;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads the primitive parts of the binary format from a range of an array. */
public final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    public ByteReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    public int position() {
        return position;
    }

    public boolean atEnd() {
        return position == end;
    }

    public int remaining() {
        return end - position;
    }

    /** The next byte, unsigned, not consumed. */
    public int peek() {
        if (position >= end) {
            throw endOfFile();
        }
        return bytes[position] & 0xff;
    }

    public int octet() {
        int value = peek();
        position++;
        return value;
    }

    /** An unsigned LEB128 number of at most 32 bits, as two's complement. */
    public int u32() {
        int result = 0;
        for (int shift = 0; ; shift += 7) {
            int next = octet();
            if (shift == 28 && (next & 0x80) != 0) {
                throw malformed("integer representation too long");
            }
            if (shift == 28 && (next & 0x70) != 0) {
                throw malformed("integer too large");
            }
            result |= (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return result;
            }
        }
    }

    /** An index: an unsigned number below 2<sup>31</sup>, as no index space has more entries. */
    public int index() {
        int value = u32();
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    /** A signed LEB128 number of at most {@code bits} bits. */
    public long signed(int bits) {
        long result = 0;
        for (int shift = 0; ; shift += 7) {
            int next = octet();
            result |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                int used = shift + 7;
                long value = used < 64 && (next & 0x40) != 0 ? result | -1L << used : result;
                if (bits < 64 && value != value << 64 - bits >> 64 - bits) {
                    throw malformed("integer too large");
                }
                return value;
            }
            if (shift + 7 >= bits) {
                throw malformed("integer representation too long");
            }
        }
    }

    /** An unsigned LEB128 number of at most 64 bits, as memory64 limits have. */
    public long u64() {
        long result = 0;
        for (int shift = 0; ; shift += 7) {
            int next = octet();
            if (shift == 63 && next > 1) {
                throw malformed("integer too large");
            }
            result |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return result;
            }
        }
    }

    /** The length of a vector whose elements take at least one byte each. */
    public int count(String what, int limit) {
        int count = u32();
        if (count < 0 || count > remaining()) {
            throw endOfFile();
        }
        if (count > limit) {
            throw Rejected.limit("number of " + what, limit);
        }
        return count;
    }

    /** A vector of elements of at least one byte each. */
    public <T> List<T> vector(String what, int limit, Supplier<T> element) {
        int count = count(what, limit);
        List<T> elements = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            elements.add(element.get());
        }
        return elements;
    }

    /** A length-prefixed text in UTF-8. */
    public String name() {
        int length = u32();
        if (length < 0 || length > remaining()) {
            throw endOfFile();
        }
        if (length > Limits.NAME_BYTES) {
            throw Rejected.limit("length of a name", Limits.NAME_BYTES);
        }
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position, length)).toString();
            position += length;
            return name;
        } catch (CharacterCodingException e) {
            throw malformed("malformed UTF-8 encoding");
        }
    }

    /** A reader of the next {@code length} bytes, which are skipped here. */
    public ByteReader slice(int length) {
        if (length < 0 || length > remaining()) {
            throw endOfFile();
        }
        ByteReader slice = new ByteReader(bytes, position, position + length);
        position += length;
        return slice;
    }

    public void skip(int length) {
        slice(length);
    }

    /** The rest as a range of the underlying array, which is not copied. */
    public ByteRange rest() {
        ByteRange range = new ByteRange(bytes, position, end);
        position = end;
        return range;
    }

    /** What is left of a range once something has been read: it must be nothing. */
    public void expectEnd(String what) {
        if (!atEnd()) {
            throw malformed("unexpected content after the last item of the " + what);
        }
    }

    public Rejected malformed(String message) {
        return Rejected.malformed(message + " (at offset 0x" + Integer.toHexString(position) + ")");
    }

    public Rejected badByte(int value, String what) {
        return malformed("invalid leading byte (0x" + Integer.toHexString(value) + ") for " + what);
    }

    public Rejected endOfFile() {
        return malformed("unexpected end-of-file");
    }
}
