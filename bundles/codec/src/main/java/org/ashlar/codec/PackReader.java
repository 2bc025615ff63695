package org.ashlar.codec;

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
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.value.ValueType;

/**
 * Reads MessagePack as rmp-serde writes it (reference-modules 1.3), and leniently what its reader accepts beside: maps
 * in the place of structs, {@code bin} in the place of lists of numbers, variants by their number (1.12). Every length is
 * held against what is left of the input before anything is allocated. Not for several threads.
 */
final class PackReader extends PackValues {
    /** Whether the variant last found by {@link #anyVariant} was a text alone. */
    private boolean bare;

    private PackReader(String what, byte[] bytes) {
        super(what, bytes);
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
            throw new CodecException(what + ": no MessagePack that is read here, at byte " + in.place() + ": " + e.getMessage(), e);
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
                skip();
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
}
