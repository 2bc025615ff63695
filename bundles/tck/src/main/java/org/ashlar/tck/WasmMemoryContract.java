package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.api.wasm.WasmTrap;
import org.junit.jupiter.api.Test;

/** What the memories and tables of every {@link org.ashlar.api.wasm.WasmEngine} must do. */
public abstract class WasmMemoryContract extends WasmContract {
    @Test
    void checksBoundsToTheByte() {
        CoreModule module = new CoreModule().memory(1, 2);
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        module.function("loadHigh", "i:i", code().get(0).access(Code.I32_LOAD, PAGE - 4));
        module.function("store", "il:", code().get(0).get(1).access(Code.I64_STORE, 0));
        module.function("byte", "i:i", code().get(0).access(Code.I32_LOAD8_U, 0));
        module.function("far", "i:i", code().get(0).access(Code.I32_LOAD, -4));
        WasmInstance instance = instantiate(module);

        call(instance, "store", PAGE - 8, -1L);
        assertEquals(-1, (int) call(instance, "load", PAGE - 4));
        assertEquals(-1, (int) call(instance, "loadHigh", 0));
        assertEquals(0xFF, (int) call(instance, "byte", PAGE - 1));
        for (int address : new int[] {PAGE - 3, PAGE - 1, PAGE, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -4}) {
            assertTraps("out of bounds memory access", instance, "load", address);
        }
        assertTraps("out of bounds memory access", instance, "store", PAGE - 7, 1);
        assertTraps("out of bounds memory access", instance, "loadHigh", 1);
        assertTraps("out of bounds memory access", instance, "loadHigh", -4);
        assertTraps("out of bounds memory access", instance, "far", 0);
        assertTraps("out of bounds memory access", instance, "far", 8);
        assertEquals(0, (int) call(instance, "load", PAGE - 12), "a store that traps writes nothing");
    }

    /** Engines may compile the two in different ways. */
    @Test
    void largeFunctionsAccessMemoryAsSmallOnesDo() {
        for (int load = 0x28; load <= 0x35; load++) {
            char type = "ilfd".charAt(load <= 0x2B ? load - 0x28 : load <= 0x2F ? 0 : 1);
            assertAlike("i:" + type, code().get(0).access(load, 3));
        }
        for (int store = 0x36; store <= 0x3E; store++) {
            char type = "ilfd".charAt(store <= 0x39 ? store - 0x36 : store <= 0x3B ? 0 : 1);
            assertAlike("i" + type + ":", code().get(0).get(1).access(store, 3));
        }
    }

    /** Runs code in a small function and in a large one, each on a memory of its own; the first parameter is an address. */
    private void assertAlike(String type, Code access) {
        CoreModule module = new CoreModule().memory(1, 1);
        module.function("small", type, code().append(access));
        Code padding = code();
        for (int i = 0; i < 4_000; i++) {
            padding.i32(0).op(Code.DROP);
        }
        module.function("large", type, padding.append(access));
        WasmInstance small = instantiate(module);
        WasmInstance large = instantiate(module);
        for (int address : new int[] {2_000, 2_040, 0, 5_112, 5_117, 1_021, PAGE - 11, PAGE - 4, PAGE - 3, -3, -8, 7_000}) {
            long[] arguments = type.charAt(1) == ':' ? new long[] {address} : new long[] {address, 0x3FF01234_56789ABCL + address};
            assertEquals(outcome(small, "small", arguments), outcome(large, "large", arguments), type + " at " + address);
            assertArrayEquals(memory(small).read(0, PAGE), memory(large).read(0, PAGE));
            for (WasmInstance each : List.of(small, large)) {
                if (address == 2_000) {
                    memory(each).writeLong(2_003, 0x8182838485868788L);
                } else if (address == 0) {
                    memory(each).writeLong(5_112, 0xF1F2F3F4F5F6F7F8L);
                }
            }
        }
    }

    private static Object outcome(WasmInstance instance, String name, long[] arguments) {
        try {
            return call(instance, name, arguments);
        } catch (WasmTrap e) {
            return e.getMessage();
        }
    }

    @Test
    void readsZerosWhereNothingWasWritten() {
        CoreModule module = new CoreModule().memory(2, 2);
        module.function("load", "i:l", code().get(0).access(Code.I64_LOAD, 0));
        module.function("store8", "ii:", code().get(0).get(1).access(Code.I32_STORE8, 0));
        WasmInstance instance = instantiate(module);

        for (int address = 0; address <= 2 * PAGE - 8; address += 997) {
            assertEquals(0, call(instance, "load", address));
        }
        call(instance, "store8", 1000, 0xAB);
        assertEquals(0xAB00000000000000L, call(instance, "load", 993));
        assertEquals(0xAB, call(instance, "load", 1000));
        assertEquals(0, call(instance, "load", 2 * PAGE - 8));
    }

    @Test
    void growsToItsMaximumAndKeepsItsContent() {
        CoreModule module = new CoreModule().memory(1, 3);
        module.function("grow", "i:i", code().get(0).memoryGrow());
        module.function("size", ":i", code().memorySize());
        module.function("store", "ii:", code().get(0).get(1).access(Code.I32_STORE, 0));
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        WasmInstance instance = instantiate(module);

        call(instance, "store", 4, 77);
        assertEquals(1, (int) call(instance, "grow", 2));
        assertEquals(3, (int) call(instance, "size"));
        assertEquals(3, (int) call(instance, "grow", 0));
        for (int more : new int[] {1, Integer.MAX_VALUE, -1}) {
            assertEquals(-1, (int) call(instance, "grow", more));
        }
        call(instance, "store", 3 * PAGE - 4, 78);
        assertEquals(77, (int) call(instance, "load", 4));
        assertEquals(78, (int) call(instance, "load", 3 * PAGE - 4));
        assertEquals(3L * PAGE, memory(instance).size());
    }

    @Test
    void asksTheBudgetForMemoryAndTables() {
        CoreModule module = new CoreModule().memory(1, -1).table(1, -1);
        module.function("grow", "i:i", code().get(0).memoryGrow());
        module.function("growTable", "i:i", code().nullFunction().get(0).tableGrow(0));
        WasmModule compiled = compile(module.bytes());
        WasmInstance instance = compiled.instantiate(List.of(), MemoryBudget.of(2 * PAGE + 4096));

        assertEquals(1, (int) call(instance, "grow", 1));
        assertEquals(-1, (int) call(instance, "grow", 1));
        assertEquals(1, (int) call(instance, "growTable", 10));
        assertEquals(-1, (int) call(instance, "growTable", 100_000));
        assertEquals(11, (int) call(instance, "growTable", 0));

        WasmException e = assertThrows(WasmException.class,
                () -> compiled.instantiate(List.of(), MemoryBudget.of(PAGE - 1)));
        assertOneLine(e.getMessage());
    }

    @Test
    void takesMemoryAsItIsWrittenAndTrapsWhereTheBudgetHasNoMore() {
        CoreModule module = new CoreModule().memory(2, 4);
        module.function("store", "ii:", code().get(0).get(1).access(Code.I32_STORE, 0));
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        module.function("fill", "iii:", code().get(0).get(1).get(2).memoryFill());
        module.function("grow", "i:i", code().get(0).memoryGrow());
        AtomicLong left = new AtomicLong(PAGE);
        WasmInstance instance = compile(module.bytes()).instantiate(List.of(), new MemoryBudget() {
            @Override
            public boolean reserve(long bytes) {
                return take(bytes);
            }

            @Override
            public boolean promise(long bytes) {
                return left.get() > 0;
            }

            @Override
            public boolean take(long bytes) {
                return left.addAndGet(-bytes) >= 0 || left.addAndGet(bytes) < 0;
            }
        });
        assertTrue(left.get() > PAGE / 2, "two pages are promised, and hardly taken");
        call(instance, "store", 8, 77);
        assertThrows(WasmTrap.class, () -> call(instance, "fill", 16, 1, 2 * PAGE - 16));
        assertEquals(77, (int) call(instance, "load", 8), "what was written is still there");
        assertEquals(0, (int) call(instance, "load", 2 * PAGE - 4));
        call(instance, "store", 4000, 79);
        assertEquals(2, (int) call(instance, "grow", 1));
        left.set(0);
        assertEquals(-1, (int) call(instance, "grow", 1));
        call(instance, "store", 12, 80);
        assertEquals(80, (int) call(instance, "load", 12));
    }

    @Test
    void movesRangesAsTheSpecificationSays() {
        CoreModule module = new CoreModule().memory(1, 1)
                .activeData(100, ascii("abcdef")).passiveData(ascii("XYZ"));
        module.function("copy", "iii:", code().get(0).get(1).get(2).memoryCopy());
        module.function("fill", "iii:", code().get(0).get(1).get(2).memoryFill());
        module.function("init", "iii:", code().get(0).get(1).get(2).memoryInit(1));
        module.function("initActive", "iii:", code().get(0).get(1).get(2).memoryInit(0));
        module.function("drop", ":", code().dataDrop(1));
        WasmInstance instance = instantiate(module);
        WasmExtern.Memory memory = memory(instance);

        call(instance, "copy", 102, 100, 4);
        assertEquals("ababcd", text(memory, 100, 6));
        call(instance, "copy", 60000, 59990, 20);
        call(instance, "copy", 103, 50000, 2);
        assertEquals("aba\0\0d", text(memory, 100, 6), "what was never written is copied as zeros");
        call(instance, "fill", PAGE - 3, 'q', 3);
        assertEquals("\0qqq", text(memory, PAGE - 4, 4));
        call(instance, "fill", PAGE - 2, 0, 1);
        call(instance, "init", 10, 1, 2);
        assertEquals("YZ", text(memory, 10, 2));
        assertEquals("q\0q", text(memory, PAGE - 3, 3));

        for (String range : List.of("copy", "fill", "init")) {
            assertTraps("out of bounds memory access", instance, range, PAGE - 1, 0, 2);
            assertTraps("out of bounds memory access", instance, range, PAGE + 1, 0, 0);
            assertTraps("out of bounds memory access", instance, range, -1, 0, 2);
            assertTraps("out of bounds memory access", instance, range, 8, 0, -4);
        }
        assertTraps("out of bounds memory access", instance, "copy", 0, PAGE - 1, 2);
        assertTraps("out of bounds memory access", instance, "init", 0, 2, 2);
        assertTraps("out of bounds memory access", instance, "initActive", 0, 0, 1);
        call(instance, "copy", PAGE, PAGE, 0);
        call(instance, "drop");
        call(instance, "init", 0, 0, 0);
        assertTraps("out of bounds memory access", instance, "init", 0, 0, 1);
    }

    @Test
    void acceptsEmptyRangesWhereNothingWasWritten() {
        CoreModule module = new CoreModule().memory(1, 1).passiveData(ascii("XYZ"));
        module.function("copy", "iii:", code().get(0).get(1).get(2).memoryCopy());
        module.function("fill", "iii:", code().get(0).get(1).get(2).memoryFill());
        module.function("init", "iii:", code().get(0).get(1).get(2).memoryInit(0));
        WasmInstance instance = instantiate(module);

        for (String range : List.of("copy", "fill", "init")) {
            call(instance, range, 1000, 0, 0);
            call(instance, range, PAGE, 0, 0);
        }
        call(instance, "copy", 0, PAGE, 0);
        memory(instance).write(1000, new byte[0], 0, 0);
        assertEquals("\0", text(memory(instance), 1000, 1));
    }

    @Test
    void trapsWhenADataSegmentDoesNotFit() {
        CoreModule module = new CoreModule().memory(1, 1).activeData(PAGE - 1, ascii("ab"));
        assertEquals("out of bounds memory access",
                assertThrows(WasmTrap.class, () -> instantiate(module)).getMessage());
    }

    @Test
    void givesTheHostTheSameBytes() {
        CoreModule module = new CoreModule().memory(1, 1);
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        WasmInstance instance = instantiate(module);
        WasmExtern.Memory memory = memory(instance);

        memory.writeInt(8, 0x01020304);
        assertEquals(0x01020304, (int) call(instance, "load", 8));
        assertEquals(4, memory.readByte(8));
        assertEquals(0x0304, memory.readShort(8));
        memory.writeShort(10, (short) 0x0A0B);
        memory.writeByte(9, (byte) 0x0C);
        assertEquals(0x0A0B0C04L, memory.readLong(8));
        memory.writeLong(PAGE - 8, -2);
        assertArrayEquals(new byte[] {-2, -1}, memory.read(PAGE - 8, 2));
        memory.write(20, ascii("__text__"), 2, 4);
        assertEquals("text\0", text(memory, 20, 5));
    }

    @Test
    void keepsTheHostOutOfAMemoryWithoutPages() {
        WasmExtern.Memory memory = memory(instantiate(new CoreModule().memory(0, 1)));
        for (int address : new int[] {-9, -8, -4, -1, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThrows(WasmTrap.class, () -> memory.readByte(address));
            assertThrows(WasmTrap.class, () -> memory.readLong(address));
            assertThrows(WasmTrap.class, () -> memory.writeByte(address, (byte) 1));
            assertThrows(WasmTrap.class, () -> memory.writeLong(address, 1));
        }
    }

    @Test
    void keepsTheHostInsideTheMemory() {
        WasmExtern.Memory memory = memory(instantiate(new CoreModule().memory(1, 1)));
        assertThrows(WasmTrap.class, () -> memory.readInt(PAGE - 3));
        assertThrows(WasmTrap.class, () -> memory.readByte(-1));
        assertThrows(WasmTrap.class, () -> memory.read(PAGE - 1, 2));
        assertThrows(WasmTrap.class, () -> memory.read(0, -1));
        assertThrows(WasmTrap.class, () -> memory.writeLong(PAGE - 7, 1));
        assertThrows(WasmTrap.class, () -> memory.write(PAGE - 1, new byte[2], 0, 2));
        assertEquals(0, memory.read(PAGE, 0).length);
    }
}
