package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.ashlar.component.ComponentException.Kind;
import org.ashlar.component.binary.Limits;
import org.ashlar.component.type.ExternType;
import org.junit.jupiter.api.Test;

/** What is said of bytes before anything of them runs. */
class DecodingTest {
    private static final byte[] CORE_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] COMPONENT = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};

    private static ComponentException reject(Kind kind, byte[] bytes) {
        ComponentException e = assertThrows(ComponentException.class, () -> Component.decode(bytes));
        assertEquals(kind, e.kind(), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        return e;
    }

    /** A component with one section. */
    private static byte[] section(int id, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(COMPONENT);
        out.write(id);
        u32(out, content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static void u32(ByteArrayOutputStream out, int value) {
        for (int rest = value; ; rest >>>= 7) {
            if (rest < 0x80) {
                out.write(rest);
                return;
            }
            out.write(rest & 0x7f | 0x80);
        }
    }

    @Test
    void aCoreModuleIsNotTakenForAComponent() {
        assertTrue(reject(Kind.MALFORMED, CORE_MODULE).getMessage().startsWith("this is a core WebAssembly module"));
    }

    @Test
    void garbageIsNotTakenForAComponent() {
        reject(Kind.MALFORMED, new byte[0]);
        reject(Kind.MALFORMED, "#!/bin/sh\necho".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anEmptyComponentIsOne() {
        assertEquals(List.of(), List.copyOf(Component.decode(COMPONENT).exports().keySet()));
    }

    @Test
    void aComponentCutOffAnywhereIsRejected() {
        byte[] whole = TestComponents.bytes("values");
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            try {
                // Cut off between two sections it may be whole again; then only what it says is less.
                assertTrue(Component.decode(part).exports().size() <= 5);
            } catch (ComponentException e) {
                assertTrue(e.kind() == Kind.MALFORMED || e.kind() == Kind.INVALID, e.getMessage());
            }
        }
    }

    @Test
    void asynchronousBuiltInsAreNamed() {
        assertEquals("unsupported: asynchronous built-in `waitable-set.new`",
                reject(Kind.UNSUPPORTED, section(8, new byte[] {1, 0x1f})).getMessage());
    }

    @Test
    void valuesAndStartFunctionsAreUnsupported() {
        reject(Kind.UNSUPPORTED, section(9, new byte[] {0, 0, 0}));
        reject(Kind.UNSUPPORTED, section(12, new byte[] {0}));
    }

    @Test
    void namesOfStrangersCannotBreakTheLine() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(new byte[] {1, 0, 3, 'a', '\n', 'b', 3, 1});
        assertTrue(reject(Kind.INVALID, section(10, content.toByteArray())).getMessage().contains("a?b"));
    }

    @Test
    void nestingHasALimit() {
        byte[] nested = COMPONENT;
        for (int i = 0; i < Limits.NESTING; i++) {
            nested = section(4, nested);
        }
        assertTrue(reject(Kind.LIMIT, nested).getMessage().contains("nesting"));
    }

    @Test
    void theDepthOfATypeHasALimit() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        u32(content, Limits.TYPE_DEPTH + 1);
        content.write(0x7d);
        for (int i = 0; i < Limits.TYPE_DEPTH; i++) {
            content.write(0x70);
            // A signed number: from 64 on it needs a second byte.
            content.writeBytes(i < 64 ? new byte[] {(byte) i} : new byte[] {(byte) (i | 0x80), 0});
        }
        assertTrue(reject(Kind.LIMIT, section(7, content.toByteArray())).getMessage().contains("nesting of a type"));
    }

    @Test
    void aTypeThatDoublesWithEachLineHasALimit() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        u32(content, 31);
        content.writeBytes(new byte[] {0x70, 0x7d});
        for (int i = 0; i < 30; i++) {
            content.writeBytes(new byte[] {0x63, 0x7d, (byte) i});
        }
        Component.decode(section(7, content.toByteArray()));
        content.reset();
        u32(content, 31);
        content.writeBytes(new byte[] {0x70, 0x7d});
        for (int i = 0; i < 30; i++) {
            content.writeBytes(new byte[] {0x6a, 1, (byte) i, 1, (byte) i});
        }
        assertTrue(reject(Kind.LIMIT, section(7, content.toByteArray())).getMessage().contains("size of a type"));
    }

    @Test
    void aCountTakesNoRoomBeforeItsElementsAreThere() {
        assertTrue(reject(Kind.MALFORMED, section(7, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}))
                .getMessage().contains("unexpected end-of-file"));
    }

    @Test
    void aComponentSaysWhatItImportsAndExports() {
        Component component = Component.decode(TestComponents.bytes("resources"));
        ExternType.Instance things = assertInstanceOf(ExternType.Instance.class,
                component.imports().get("test:host/things@0.2.1"));
        assertEquals(List.of("thing", "[constructor]thing", "[method]thing.size", "swallow"),
                List.copyOf(things.exports().keySet()));
        assertEquals("func(self: borrow<thing>) -> u32",
                assertInstanceOf(ExternType.Function.class, things.exports().get("[method]thing.size")).type().toString());
        assertEquals("func(start: u32) -> own<counter>", assertInstanceOf(ExternType.Function.class,
                component.exports().get("[constructor]counter")).type().toString());
    }

    @Test
    void aFaultInTheCodeOfACoreModuleIsFoundWhenItIsCompiled() {
        byte[] module = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 5, 1, 3, 0, 0x6a, 0x0b};
        Component component = Component.decode(section(1, module));
        ComponentException e = assertThrows(ComponentException.class, () -> component.compile(TestEngine.CHICORY));
        assertEquals(Kind.INVALID, e.kind());
        assertTrue(e.getMessage().startsWith("core module 0: "), e.getMessage());
    }
}
