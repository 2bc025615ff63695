package org.ashlar.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Reads MessagePack as rmp-serde writes it (reference-modules 1.3), and leniently what its reader accepts beside: maps
 * in the place of structs, {@code bin} in the place of lists of numbers, variants by their number (1.12). Every length is
 * held against what is left of the input before anything is allocated. Not for several threads.
 */
final class PackReader {
    private static final byte UINT8 = (byte) 0xcc;

    private final String what;
    private final byte[] source;
    private final int length;
    private final MessageUnpacker in;
    /** Whether the variant last found by {@link #anyVariant} was a text alone. */
    private boolean bare;

    private PackReader(String what, byte[] bytes) {
        this.what = what;
        source = bytes;
        length = bytes.length;
        this.in = MessagePack.newDefaultUnpacker(bytes);
    }

    /**
     * Reads the whole of {@code bytes}.
     *
     * @throws CodecException when {@code reader} refuses, when bytes are left over or missing, or there are too many
     */
    static <T> T read(String what, byte[] bytes, int maxBytes, Function<PackReader, T> reader) {
        if (bytes.length > maxBytes) {
            throw new CodecException(what + ": " + bytes.length + " bytes of MessagePack; at most " + maxBytes
                    + " are read");
        }
        PackReader in = new PackReader(what, bytes);
        try {
            T value = reader.apply(in);
            if (in.left() > 0) {
                throw new CodecException(what + ": " + in.left() + " bytes are left over after it");
            }
            return value;
        } catch (MessagePackException e) {
            throw new CodecException(what + ": no MessagePack that is read here, at byte " + in.in.getTotalReadBytes()
                    + " of " + in.length + ": " + e.getMessage(), e);
        }
    }

    /** The indexes of fields that a map may lack, for {@link #struct}. */
    static BitSet optionalFields(int... fields) {
        BitSet set = new BitSet();
        for (int field : fields) {
            set.set(field);
        }
        return set;
    }

    /**
     * A struct, as a list of exactly its fields or as a map from their names.
     *
     * @param optional the indexes of those that a map may lack
     * @param field    reads the field with the given index
     */
    void struct(String name, List<String> fields, BitSet optional, IntConsumer field) {
        struct(name, fields, fields.size(), optional, field);
    }

    /** A struct of which only a map can have the fields beyond the first {@code listed}. */
    void struct(String name, List<String> fields, int listed, BitSet optional, IntConsumer field) {
        if (next(name) == ValueType.MAP) {
            structMap(name, fields, optional, field);
            return;
        }
        int count = listHeader(name);
        if (count != listed) {
            throw new CodecException(what + ": " + name + " has " + count + " fields, expected " + listed + ": "
                    + String.join(", ", fields.subList(0, listed)));
        }
        for (int i = 0; i < count; i++) {
            field.accept(i);
        }
    }

    private void structMap(String name, List<String> fields, BitSet optional, IntConsumer field) {
        BitSet seen = new BitSet();
        int count = mapHeader(name);
        for (int i = 0; i < count; i++) {
            String key = text(name + " key");
            int index = fields.indexOf(key);
            if (index < 0) {
                io(() -> {
                    in.skipValue();
                    return null;
                });
            } else if (seen.get(index)) {
                throw new CodecException(what + ": " + name + " has " + key + " twice");
            } else {
                seen.set(index);
                field.accept(index);
            }
        }
        seen.or(optional);
        int missing = seen.nextClearBit(0);
        if (missing < fields.size()) {
            throw new CodecException(what + ": " + name + " lacks " + fields.get(missing));
        }
    }

    /** Any variant: the text that names it when it holds nothing, or a map of one. @see #unit */
    int anyVariant(String name, List<String> names) {
        bare = next(name) == ValueType.STRING;
        return bare ? known(name, text(name), names) : variant(name, names);
    }

    /** After {@link #anyVariant} found a variant that holds nothing: reads the nil that may stand in its place. */
    <T> T unit(String name, T value) {
        if (!bare) {
            expect(name, ValueType.NIL, "nothing");
            skipNil();
        }
        return value;
    }

    /** After {@link #anyVariant} found a variant that holds something. */
    <T> T content(String name, Supplier<T> reader) {
        if (bare) {
            throw new CodecException(what + ": " + name + " lacks its content");
        }
        return reader.get();
    }

    /** A variant that holds something: a map of one; {@code names} gives the numbers by which it may go too. */
    int variant(String name, List<String> names) {
        int count = mapHeader(name);
        if (count != 1) {
            throw new CodecException(what + ": " + name + " has " + count + " variants, expected one of "
                    + String.join(", ", names));
        }
        if (next(name) == ValueType.INTEGER) {
            long number = u64(name);
            if (number >= 0 && number < names.size()) {
                return (int) number;
            }
            throw new CodecException(what + ": " + name + " is number " + number + ", expected one of "
                    + String.join(", ", names));
        }
        return known(name, text(name), names);
    }

    private int known(String name, String found, List<String> names) {
        int index = names.indexOf(found);
        if (index < 0) {
            throw new CodecException(what + ": " + name + " is " + JsonText.text(found) + ", expected one of "
                    + String.join(", ", names));
        }
        return index;
    }

    boolean bool(String name) {
        expect(name, ValueType.BOOLEAN, "true or false");
        return io(in::unpackBoolean);
    }

    /** An unsigned 64-bit number. */
    long u64(String name) {
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

    String text(String name) {
        expect(name, ValueType.STRING, "a string");
        byte[] utf8 = payload(name, io(in::unpackRawStringHeader));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new CodecException(what + ": " + name + " is not UTF-8", e);
        }
    }

    <T> T identifier(String name, Function<String, T> parser) {
        String text = text(name);
        try {
            return parser.apply(text);
        } catch (IdentifierException e) {
            throw new CodecException(what + ": " + name + ": " + e.getMessage(), e);
        }
    }

    String nodeName(String name) {
        return identifier(name, NodeName::checked);
    }

    /** A list of numbers from 0 to 255, or {@code bin}. */
    byte[] bytes(String name) {
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
    int number(String name, int max) {
        long value = u64(name);
        if (value < 0 || value > max) {
            throw new CodecException(what + ": " + name + " is " + Long.toUnsignedString(value) + ", expected 0 to " + max);
        }
        return (int) value;
    }

    /** A map from texts to what {@code value} reads, in the order of their keys; a key may come once. */
    <T> SortedMap<String, T> map(String name, int max, Supplier<T> value) {
        int count = mapHeader(name);
        if (count > max) {
            throw new CodecException(what + ": " + name + " has " + count + " entries; at most " + max + " are read");
        }
        SortedMap<String, T> map = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String key = text(name + " key");
            if (map.put(key, value.get()) != null) {
                throw new CodecException(what + ": " + name + " has " + JsonText.text(key) + " twice");
            }
        }
        return Collections.unmodifiableSortedMap(map);
    }

    <T> List<T> list(String name, int max, Supplier<T> item) {
        int count = listHeader(name);
        if (count > max) {
            throw new CodecException(what + ": " + name + " has " + count + " items; at most " + max + " are read");
        }
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.get());
        }
        return List.copyOf(items);
    }

    <T> Optional<T> optional(String name, Supplier<T> value) {
        if (next(name) != ValueType.NIL) {
            return Optional.of(value.get());
        }
        skipNil();
        return Optional.empty();
    }

    OptionalLong optionalU64(String name) {
        return optional(name, () -> u64(name)).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    int listHeader(String name) {
        expect(name, ValueType.ARRAY, "a list");
        return held(name, io(in::unpackArrayHeader));
    }

    private int mapHeader(String name) {
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

    private long left() {
        return length - in.getTotalReadBytes();
    }

    private ValueType next(String name) {
        if (left() <= 0) {
            throw new CodecException(what + ": ends before " + name);
        }
        return io(in::getNextFormat).getValueType();
    }

    private void expect(String name, ValueType type, String expected) {
        ValueType found = next(name);
        if (found != type) {
            throw new CodecException(what + ": " + name + " is of type " + found + ", expected " + expected);
        }
    }

    private void skipNil() {
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
