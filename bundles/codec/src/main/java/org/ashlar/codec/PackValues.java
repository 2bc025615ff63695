package org.ashlar.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Reads the single values of MessagePack, and the headers of what is made of several. Every length is held against what is left of
 * the input before anything is allocated. Not for several threads.
 */
abstract class PackValues {
    private static final byte UINT8 = (byte) 0xcc;

    /** What is read, for messages. */
    final String what;
    private final byte[] source;
    private final int length;
    private final MessageUnpacker in;

    PackValues(String what, byte[] bytes) {
        this.what = what;
        source = bytes;
        length = bytes.length;
        in = MessagePack.newDefaultUnpacker(bytes);
    }

    /** How many bytes have been read, and of how many. */
    final String place() {
        return in.getTotalReadBytes() + " of " + length;
    }

    /** Passes over a value, whatever it is. */
    final void skip() {
        io(() -> {
            in.skipValue();
            return null;
        });
    }

    final boolean bool(String name) {
        expect(name, ValueType.BOOLEAN, "true or false");
        return io(in::unpackBoolean);
    }

    /** An unsigned 64-bit number. */
    final long u64(String name) {
        expect(name, ValueType.INTEGER, "a whole number");
        if (io(in::getNextFormat) == MessageFormat.UINT64) {
            return io(in::unpackBigInteger).longValue();
        }
        long value = io(in::unpackLong);
        if (value < 0) {
            throw new CodecException(what + ": " + name + " is " + value + ", expected a number from 0 to 2^64-1");
        }
        return value;
    }

    final String text(String name) {
        expect(name, ValueType.STRING, "a string");
        byte[] utf8 = payload(name, io(in::unpackRawStringHeader));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new CodecException(what + ": " + name + " is not UTF-8", e);
        }
    }

    final <T> T identifier(String name, Function<String, T> parser) {
        String text = text(name);
        try {
            return parser.apply(text);
        } catch (IdentifierException e) {
            throw new CodecException(what + ": " + name + ": " + e.getMessage(), e);
        }
    }

    final String nodeName(String name) {
        return identifier(name, NodeName::checked);
    }

    /** A list of numbers from 0 to 255, or {@code bin}. */
    final byte[] bytes(String name) {
        if (next(name) == ValueType.BINARY) {
            return payload(name, io(in::unpackBinaryHeader));
        }
        byte[] bytes = new byte[listHeader(name)];
        for (int i = shortest(bytes); i < bytes.length; i++) {
            expect(name, ValueType.INTEGER, "a list of bytes");
            int value = io(in::unpackInt);
            if (value < 0 || value > 255) {
                throw new CodecException(what + ": " + name + '[' + i + "] is " + value + ", expected a byte, 0 to 255");
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    /** Reads items as long as they have their shortest form, which is all that is ever written. @return how many it read */
    private int shortest(byte[] bytes) {
        int from = (int) in.getTotalReadBytes();
        int at = from;
        int count = 0;
        while (count < bytes.length && at < length) {
            byte item = source[at];
            if (item >= 0) {
                at++;
            } else if (item == UINT8 && at + 1 < length) {
                item = source[at + 1];
                at += 2;
            } else {
                break;
            }
            bytes[count++] = item;
        }
        int taken = at - from;
        io(() -> in.readPayloadAsReference(taken));
        return count;
    }

    /** A whole number from 0 to {@code max}. */
    final int number(String name, int max) {
        long value = u64(name);
        if (value < 0 || value > max) {
            throw new CodecException(what + ": " + name + " is " + Long.toUnsignedString(value) + ", expected 0 to " + max);
        }
        return (int) value;
    }

    final int listHeader(String name) {
        expect(name, ValueType.ARRAY, "a list");
        return held(name, io(in::unpackArrayHeader));
    }

    final int mapHeader(String name) {
        expect(name, ValueType.MAP, "a map");
        return held(name, io(in::unpackMapHeader));
    }

    private byte[] payload(String name, int size) {
        held(name, size);
        return io(() -> in.readPayload(size));
    }

    /** Every item takes a byte at least: more of them than bytes are left cannot be. */
    private int held(String name, int count) {
        if (count < 0 || count > left()) {
            throw new CodecException(what + ": " + name + " claims " + Integer.toUnsignedString(count)
                    + " items or bytes where " + left() + " bytes are left");
        }
        return count;
    }

    final long left() {
        return length - in.getTotalReadBytes();
    }

    final ValueType next(String name) {
        if (left() <= 0) {
            throw new CodecException(what + ": ends before " + name);
        }
        return io(in::getNextFormat).getValueType();
    }

    final void expect(String name, ValueType type, String expected) {
        ValueType found = next(name);
        if (found != type) {
            throw new CodecException(what + ": " + name + " is of type " + found + ", expected " + expected);
        }
    }

    final void skipNil() {
        io(() -> {
            in.unpackNil();
            return null;
        });
    }

    private static <T> T io(Unpacking<T> unpacking) {
        try {
            return unpacking.get();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private interface Unpacking<T> {
        T get() throws IOException;
    }
}
