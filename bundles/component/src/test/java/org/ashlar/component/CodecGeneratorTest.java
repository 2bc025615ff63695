package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.ashlar.component.binary.Definition.StringEncoding;
import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;
import org.junit.jupiter.api.Test;

/** Code that was written out does what the composed codecs do: same bytes, same values, same errors. */
class CodecGeneratorTest {
    private static final int AREA = 64;
    private static final int MOST_FLAT = 64;
    private static final int TYPES = Boolean.getBoolean("ashlar.all") ? 2_000 : 120;
    private static final int VALUES = 8;
    private static final ValueType PLACE = record("name", Primitive.STRING, "floor", Primitive.S32,
            "until", new ValueType.Option(Primitive.U64));

    private final Random random = new Random(4);
    private final RandomTypes types = new RandomTypes(random);

    @Test
    void writtenOutCodeDoesWhatComposedCodecsDo() {
        for (int i = 0; i < TYPES; i++) {
            ValueType type = types.type(4);
            StringEncoding encoding = StringEncoding.values()[random.nextInt(StringEncoding.values().length)];
            Codec composed = codec(type, encoding, Shapes.PLAIN, 0);
            Codec written = codec(type, encoding, Shapes.PLAIN, CodecGenerator.MOST_CLASSES);
            assertEquals(List.of(composed.size, composed.alignment, composed.flatCount),
                    List.of(written.size, written.alignment, written.flatCount), type::toString);
            for (int j = 0; j < VALUES; j++) {
                compare(type, composed, written, types.value(type));
                compare(type, composed, written, types.value(types.type(2)));
            }
        }
    }

    /** Stores a value with both, reads it back with both, then what is left when some bytes are changed. */
    private void compare(ValueType type, Codec composed, Codec written, Object value) {
        FlatTestMemory[] memories = {new FlatTestMemory(), new FlatTestMemory()};
        Abi[] abis = {memories[0].abi(), memories[1].abi()};
        same(type, () -> store(composed, abis[0], value), () -> store(written, abis[1], value));
        assertArrayEquals(memories[0].content(), memories[1].content(), type::toString);
        loadWithBoth(type, composed, written, abis);
        for (int i = 0; i < 4; i++) {
            int address = AREA + random.nextInt(Math.max(1, Math.min(composed.size, 1000)));
            byte change = (byte) random.nextInt();
            for (FlatTestMemory memory : memories) {
                memory.writeByte(address, change);
            }
            loadWithBoth(type, composed, written, abis);
        }
        if (composed.flatCount > 0 && composed.flatCount <= MOST_FLAT) {
            long[][] flat = {new long[composed.flatCount], new long[composed.flatCount]};
            same(type, () -> lower(composed, abis[0], value, flat[0]), () -> lower(written, abis[1], value, flat[1]));
            assertArrayEquals(flat[0], flat[1], type::toString);
            same(type, () -> composed.lift(abis[0], new Call(), flat[0], 0), () -> written.lift(abis[1], new Call(), flat[1], 0));
            flat[0][random.nextInt(flat[0].length)] = random.nextInt(4);
            same(type, () -> composed.lift(abis[0], new Call(), flat[0], 0), () -> written.lift(abis[1], new Call(), flat[0], 0));
        }
    }

    private static void loadWithBoth(ValueType type, Codec composed, Codec written, Abi[] abis) {
        abis[0].startLifting();
        abis[1].startLifting();
        same(type, () -> composed.load(abis[0], new Call(), AREA), () -> written.load(abis[1], new Call(), AREA));
        assertEquals(abis[0].instance.room, abis[1].instance.room, "what was charged, " + type);
    }

    private static Object store(Codec codec, Abi abi, Object value) {
        codec.store(abi, new Call(), value, AREA);
        return Unit.VALUE;
    }

    private static Object lower(Codec codec, Abi abi, Object value, long[] flat) {
        codec.lower(abi, new Call(), value, flat, 0);
        return Unit.VALUE;
    }

    private static void same(ValueType type, Callable<Object> one, Callable<Object> other) {
        Object expected = outcome(one);
        Object actual = outcome(other);
        assertTrue(ScriptValues.equal(expected, actual), () -> type + ": " + expected + " and " + actual);
    }

    /** The value, or what was thrown. */
    private static Object outcome(Callable<Object> call) {
        try {
            return call.call();
        } catch (ClassCastException | NullPointerException e) {
            return e.getClass().getName();
        } catch (Exception e) {
            return e.toString();
        }
    }

    // --- shapes

    /** An object of the host. */
    record Place(String name, int floor, OptionalLong until) { }

    private static Shapes places() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        return Shapes.builder().record(PLACE,
                lookup.findConstructor(Place.class, MethodType.methodType(void.class, String.class, int.class, OptionalLong.class)),
                lookup.findVirtual(Place.class, "name", MethodType.methodType(String.class)),
                lookup.findVirtual(Place.class, "floor", MethodType.methodType(int.class)),
                lookup.findVirtual(Place.class, "until", MethodType.methodType(OptionalLong.class))).build();
    }

    @Test
    void aRecordIsAnObjectOfTheHost() throws ReflectiveOperationException {
        Codec codec = codec(PLACE, places());
        Codec plain = codec(PLACE, Shapes.PLAIN);
        for (OptionalLong until : List.of(OptionalLong.empty(), OptionalLong.of(-1))) {
            Place place = new Place("tower", -2, until);
            Abi abi = new FlatTestMemory().abi();
            codec.store(abi, new Call(), place, AREA);
            assertEquals(place, codec.load(abi, new Call(), AREA));
            Object[] fields = (Object[]) plain.load(abi, new Call(), AREA);
            assertTrue(ScriptValues.equal(new Object[] {"tower", -2, until.isPresent() ? Optional.of(-1L) : Optional.empty()}, fields));
            long[] flat = new long[codec.flatCount];
            codec.lower(abi, new Call(), place, flat, 0);
            assertEquals(place, codec.lift(abi, new Call(), flat, 0));
        }
        assertThrows(ClassCastException.class, () -> store(codec, new FlatTestMemory().abi(), "no place"));
    }

    @Test
    void aShapeHasAsManyPartsAsItsType() throws ReflectiveOperationException {
        MethodHandle length = MethodHandles.lookup().findVirtual(String.class, "length", MethodType.methodType(int.class));
        assertThrows(IllegalArgumentException.class, () -> Shapes.builder().recordToGuest(PLACE, length));
        assertThrows(IllegalArgumentException.class, () -> Shapes.builder().recordToGuest(Primitive.S32, length));
    }

    // --- classes

    @Test
    void equalTypesOfTwoComponentsShareOneClass() {
        ValueType again = record("name", Primitive.STRING, "floor", Primitive.S32, "until", new ValueType.Option(Primitive.U64));
        Codec codec = codec(PLACE, Shapes.PLAIN);
        assertTrue(codec.getClass().isHidden());
        assertSame(codec, codec(again, Shapes.PLAIN));
    }

    @Test
    void theClassGoesWithTheLastComponentThatUsesIt() throws InterruptedException {
        Shapes shapes = Shapes.builder().build();
        WeakReference<Class<?>> type = new WeakReference<>(
                codec(PLACE, shapes).getClass());
        for (int i = 0; i < 600 && type.get() != null; i++) {
            System.gc();
            Thread.sleep(100);
        }
        assertFalse(type.get() != null, "the class is still there");
        codec(new ValueType.Tuple(List.of(Primitive.U8)), shapes);
        assertTrue(shapes.pool.size() <= 3, () -> shapes.pool.size() + " codecs are kept");
    }

    @Test
    void aTypeOfVeryManyFieldsIsNotWrittenOut() {
        ValueType large = new ValueType.Tuple(Collections.nCopies(10_000, Primitive.U8));
        assertInstanceOf(RecordCodec.class, codec(large, Shapes.PLAIN));
    }

    @Test
    void aComponentGetsOnlySoManyClasses() {
        CodecCompiler codecs = new CodecCompiler(Map.of(), StringEncoding.UTF8, Shapes.builder().build(), new AtomicInteger(3));
        long written = IntStream.range(1, 20)
                .mapToObj(i -> codecs.codec(new ValueType.Tuple(Collections.nCopies(i, Primitive.U8))))
                .filter(codec -> codec.getClass().isHidden()).count();
        assertEquals(3, written);
    }

    private static Codec codec(ValueType type, Shapes shapes) {
        return codec(type, StringEncoding.UTF8, shapes, CodecGenerator.MOST_CLASSES);
    }

    private static Codec codec(ValueType type, StringEncoding encoding, Shapes shapes, int classes) {
        return new CodecCompiler(Map.of(), encoding, shapes, new AtomicInteger(classes)).codec(type);
    }

    private static ValueType record(Object... fields) {
        return new ValueType.Record(IntStream.range(0, fields.length / 2)
                .mapToObj(i -> new ValueType.Record.Field((String) fields[2 * i], (ValueType) fields[2 * i + 1])).toList());
    }
}
