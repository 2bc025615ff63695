package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/** Values on their way from the embedder through a guest to the host, and all the way back. */
class ValuesTest {
    private static final Object[] PAD = IntStream.range(0, 16).mapToObj(i -> (long) i).toArray();

    private final List<Object> seen = new ArrayList<>();
    private final ComponentInstance guest = TestComponents.start("values", Linker.<ValuesTest>builder()
            .define("test:values/host@0.2", "do-numbers", ValuesTest::passBack)
            .define("test:values/host@0.2", "do-text", ValuesTest::passBack)
            .define("test:values/host@0.2", "do-shapes", ValuesTest::passBack)
            .define("test:values/host@0.2", "do-choices", ValuesTest::passBack)
            .define("test:values/host@0.2", "pick", (test, arguments) -> {
                test.seen.addAll(List.of(arguments));
                return 4_000_000_000L;
            }).build(), this);

    private static Object passBack(ValuesTest test, Object[] arguments) {
        test.seen.add(arguments[1]);
        return arguments;
    }

    private void staysTheSame(String function, Object value) {
        Object[] back = (Object[]) guest.function(function).orElseThrow().call(PAD, value);
        assertTrue(ScriptValues.equal(value, back[1]), () -> "came back as " + back[1]);
        assertTrue(ScriptValues.equal(value, seen.getLast()), () -> "reached the host as " + seen.getLast());
        assertTrue(ScriptValues.equal(PAD, back[0]));
    }

    @Test
    void numbersKeepTheirValueAtTheEndsOfTheirRange() {
        staysTheSame("numbers", new Object[] {true, 255, -128, 65_535, -32_768, 4_294_967_295L, Integer.MIN_VALUE, -1L,
            Long.MIN_VALUE, Float.MIN_VALUE, -0.0, 0x10FFFF});
        staysTheSame("numbers", new Object[] {false, 0, 127, 0, 32_767, 0L, Integer.MAX_VALUE, 0L, Long.MAX_VALUE,
            Float.NEGATIVE_INFINITY, Double.NaN, 'a' + 0});
    }

    @Test
    void textAndListsKeepTheirContent() {
        staysTheSame("text", new Object[] {"", new byte[0], List.of(), List.of()});
        staysTheSame("text", new Object[] {"grün ☃ 🍰", new byte[] {-1, 0, 1}, List.of("a", "", "ü"),
            List.of(0L, 1L, 4_294_967_295L)});
    }

    @Test
    void casesKeepTheirPayload() {
        staysTheSame("shapes", List.of(Variant.of(0), Variant.of(1, 1.5f), Variant.of(2, "name"), Variant.of(3, -1L)));
        staysTheSame("choices", new Object[] {2, 5L, Optional.of("x"), Result.success(7), Result.error(),
            Optional.of(Optional.empty())});
        staysTheSame("choices", new Object[] {0, 0L, Optional.empty(), Result.error("no"), Result.success(),
            Optional.empty()});
    }

    @Test
    void casesOfDifferentTypesShareCoreValues() {
        ComponentFunction pick = guest.function("pick").orElseThrow();
        for (Object shape : List.of(Variant.of(0), Variant.of(1, -1.5f), Variant.of(2, "name"), Variant.of(3, -2L))) {
            assertEquals(4_000_000_000L, pick.call(shape, Optional.of(200)));
            assertEquals(List.of(shape, Optional.of(200)), seen.subList(seen.size() - 2, seen.size()));
        }
    }

    @Test
    void whatDoesNotFitTheTypeIsNamedAndDoesNoHarm() {
        ComponentFunction pick = guest.function("pick").orElseThrow();
        for (Object wrong : List.of(300, "text", Optional.of(1))) {
            ComponentException e = assertThrows(ComponentException.class,
                    () -> pick.call(Variant.of(0), Optional.of(wrong)));
            assertEquals(ComponentException.Kind.UNLINKABLE, e.kind());
            assertTrue(e.getMessage().contains("func(s: variant"), e.getMessage());
        }
        assertThrows(ComponentException.class, () -> pick.call(Variant.of(9), Optional.empty()));
        assertThrows(ComponentException.class, pick::call);
        assertThrows(ComponentException.class, () -> pick.call(Variant.of(2, "\ud800"), Optional.empty()));
        assertEquals(4_000_000_000L, pick.call(Variant.of(0), Optional.empty()));
    }

    @Test
    void aHostThatReturnsTheWrongThingIsToldWhat() {
        ComponentInstance wrong = TestComponents.start("values", Linker.<Unit>builder()
                .define("test:values/host@0.2", "do-numbers", (_, _) -> Unit.VALUE)
                .define("test:values/host@0.2", "do-text", (_, _) -> Unit.VALUE)
                .define("test:values/host@0.2", "do-shapes", (_, _) -> Unit.VALUE)
                .define("test:values/host@0.2", "do-choices", (_, _) -> Unit.VALUE)
                .define("test:values/host@0.2", "pick", (_, _) -> -1).build(), Unit.VALUE);
        ComponentFunction pick = wrong.function("pick").orElseThrow();
        ComponentException e = assertThrows(ComponentException.class,
                () -> pick.call(Variant.of(0), Optional.empty()));
        assertTrue(e.getMessage().startsWith("the result given for func(s: variant"), e.getMessage());
    }
}
