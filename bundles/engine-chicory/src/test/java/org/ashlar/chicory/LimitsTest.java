package org.ashlar.chicory;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmInterrupted;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.tck.Code;
import org.ashlar.tck.CoreModule;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private final ChicoryEngine engine = new ChicoryEngine(Optional.empty(), 0, 1 << 20);

    @Test
    void aFunctionTooLargeForTheJvmIsInterpretedAndNamed() {
        CoreModule module = new CoreModule();
        Code huge = code().get(0);
        for (int i = 0; i < 30_000; i++) {
            huge.i32(1000).op(Code.I32_ADD);
        }
        module.function("huge", "i:i", huge);
        module.function("small", "i:i", code().get(0).call(0));
        ChicoryModule compiled = (ChicoryModule) engine.compile(module.bytes());

        assertEquals(List.of("huge"), compiled.interpreted());
        assertEquals(30_000_007, call(compiled.instantiate(List.of(), MemoryBudget.of(0)), "small", 7));
    }

    @Test
    void anInterpretedLoopEndsToo() {
        CoreModule module = new CoreModule();
        Code huge = code();
        for (int i = 0; i < 30_000; i++) {
            huge.i32(1000).op(Code.DROP);
        }
        module.function("huge", ":", huge.loop().branch(0).op(Code.END));
        ChicoryModule compiled = (ChicoryModule) engine.compile(module.bytes());
        assertEquals(List.of("huge"), compiled.interpreted());
        Thread.currentThread().interrupt();
        WasmInstance instance = compiled.instantiate(List.of(), MemoryBudget.of(0));
        assertThrows(WasmInterrupted.class, () -> call(instance, "huge"));
    }

    @Test
    void aModuleAboveTheLimitIsRefused() {
        WasmException e = assertThrows(WasmException.class, () -> engine.compile(new byte[(1 << 20) + 1]));
        assertTrue(e.getMessage().contains("module.limit"), e.getMessage());
    }

    @Test
    void objectsCountAgainstTheBudget() {
        WasmInstance instance = engine.compile(allocating("")).instantiate(List.of(), MemoryBudget.of(1 << 20));
        WasmTrap e = assertThrows(WasmTrap.class, () -> call(instance, "f", 1000));
        assertTrue(e.getMessage().startsWith("out of memory"), e.getMessage());
    }

    @Test
    void anArrayOfAbsurdLengthTraps() {
        for (int length : new int[] {1 << 30, -1}) {
            WasmInstance instance = engine.compile(allocating("")).instantiate(List.of(), MemoryBudget.of(1 << 20));
            assertThrows(WasmTrap.class, () -> call(instance, "f", length));
        }
    }

    @Test
    void anArrayOfComputedLengthInAGlobalIsRefused() {
        // (global (ref 0) (array.new_default 0 (i32.const 1)))
        byte[] module = allocating("06 0A 01 64 00 00 41 01 FB 07 00 0B");
        assertThrows(WasmException.class, () -> engine.compile(module));
    }

    @Test
    void aSharedMemoryIsRefused() {
        // (memory 1 1 shared)
        byte[] module = HexFormat.ofDelimiter(" ").parseHex("00 61 73 6D 01 00 00 00 05 04 01 03 01 01");
        assertEquals("shared memories are not supported",
                assertThrows(WasmException.class, () -> engine.compile(module)).getMessage());
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

    private static long call(WasmInstance instance, String name, long... arguments) {
        long[] results = ((WasmExtern.Function) instance.export(name).orElseThrow()).call(arguments);
        return results.length == 0 ? 0 : results[0];
    }
}
