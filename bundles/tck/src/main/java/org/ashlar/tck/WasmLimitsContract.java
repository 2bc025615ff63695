package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.api.wasm.WasmTrap;
import org.junit.jupiter.api.Test;

/** What an engine refuses, and what it counts. The engine under test compiles modules of up to {@link #MODULE_LIMIT}. */
public abstract class WasmLimitsContract extends WasmContract {
    /** In bytes. */
    public static final int MODULE_LIMIT = 1 << 20;

    @Test
    void aModuleAboveTheLimitIsRefused() {
        WasmException e = assertThrows(WasmException.class, () -> compile(new byte[MODULE_LIMIT + 1]));
        assertTrue(e.getMessage().contains("module.limit"), e.getMessage());
    }

    @Test
    void aSharedMemoryIsRefused() {
        // (memory 1 1 shared)
        byte[] module = HexFormat.ofDelimiter(" ").parseHex("00 61 73 6D 01 00 00 00 05 04 01 03 01 01");
        assertEquals("shared memories are not supported",
                assertThrows(WasmException.class, () -> compile(module)).getMessage());
    }

    @Test
    void vectorsAreRefusedByName() {
        for (String module : List.of(
                // (func (result i32) (i32x4.extract_lane 0 (i32x4.splat (i32.const 7))))
                "01 05 01 60 00 01 7F 03 02 01 00 0A 0B 01 09 00 41 07 FD 11 FD 1B 00 0B",
                "01 05 01 60 01 7B 00 03 02 01 00 0A 04 01 02 00 0B", // (func (param v128))
                "01 04 01 60 00 00 03 02 01 00 0A 06 01 04 01 01 7B 0B")) { // (func (local v128))
            byte[] bytes = HexFormat.ofDelimiter(" ").parseHex("00 61 73 6D 01 00 00 00 " + module);
            WasmException e = assertThrows(WasmException.class, () -> compile(bytes), module);
            assertTrue(e.getMessage().startsWith("vector instructions (SIMD, v128) are not supported"), e.getMessage());
        }
    }

    @Test
    void objectsCountAgainstTheBudget() {
        WasmTrap e = assertThrows(WasmTrap.class, () -> call(allocating(), "f", 1000));
        assertTrue(e.getMessage().startsWith("out of memory"), e.getMessage());
    }

    @Test
    void anArrayOfAbsurdLengthTraps() {
        for (int length : new int[] {1 << 30, -1}) {
            assertThrows(WasmTrap.class, () -> call(allocating(), "f", length));
        }
    }

    @Test
    void anArrayOfComputedLengthInAGlobalIsRefused() {
        // (global (ref 0) (array.new_default 0 (i32.const 1)))
        byte[] module = allocating("06 0A 01 64 00 00 41 01 FB 07 00 0B");
        assertThrows(WasmException.class, () -> compile(module));
    }

    private WasmInstance allocating() {
        WasmModule module = compile(allocating(""));
        return module.instantiate(List.of(), MemoryBudget.of(1 << 20));
    }

    /**
     * A module with {@code (type $a (array (mut i32)))} and a function {@code f} that makes arrays of the given length,
     * one after another, without end.
     */
    private static byte[] allocating(String globals) {
        String module = """
                00 61 73 6D 01 00 00 00
                01 08 02 5E 7F 01 60 01 7F 00
                03 02 01 01
                %s
                07 05 01 01 66 00 00
                0A 0F 01 0D 00 03 40 20 00 FB 07 00 1A 0C 00 0B 0B
                """.formatted(globals);
        return HexFormat.of().parseHex(module.replaceAll("\\s", ""));
    }

    /** More than a method of the JVM can have: no engine needs to run that, but each says so. */
    @Test
    void aFunctionOfVeryManyParametersIsCompiledOrRefusedInOneLine() {
        for (int parameters = 250; parameters < 260; parameters++) {
            CoreModule module = new CoreModule();
            Code call = code();
            for (int i = 0; i < parameters; i++) {
                call.i32(i);
            }
            int last = module.function("last", "i".repeat(parameters) + ":i", code().get(parameters - 1));
            module.function("call", ":i", call.call(last));
            try {
                assertEquals(parameters - 1, call(instantiate(module), "call"));
            } catch (WasmException e) {
                assertOneLine(e.getMessage());
            }
        }
    }
}
