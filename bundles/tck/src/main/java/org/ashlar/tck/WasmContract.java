package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.api.wasm.WasmTrap;
import org.junit.jupiter.api.BeforeEach;

/** The engine under test, and words for tests of it. */
abstract class WasmContract {
    static final int PAGE = 65536;
    static final MemoryBudget AMPLE = bytes -> true;
    static final FunctionType INT_TO_INT = new FunctionType(List.of(ValueType.I32), List.of(ValueType.I32));

    private WasmEngine engine;

    /** A fresh engine. */
    protected abstract WasmEngine newEngine() throws Exception;

    @BeforeEach
    void makeEngine() throws Exception {
        engine = newEngine();
    }

    WasmModule compile(byte[] module) {
        return engine.compile(module);
    }

    /** Imports a function of one i32 to one i32 and calls it. */
    static CoreModule callingHost() {
        CoreModule module = new CoreModule();
        int host = module.importFunction("host", "f", "i:i");
        module.function("call", "i:i", code().get(0).call(host));
        return module;
    }

    WasmInstance instantiate(CoreModule module, WasmExtern... imports) {
        return compile(module.bytes()).instantiate(List.of(imports), AMPLE);
    }

    static WasmExtern extern(WasmInstance instance, String name) {
        return instance.export(name).orElseThrow();
    }

    static WasmExtern.Function function(WasmInstance instance, String name) {
        return (WasmExtern.Function) extern(instance, name);
    }

    static WasmExtern.Memory memory(WasmInstance instance) {
        return (WasmExtern.Memory) extern(instance, "memory");
    }

    static long call(WasmInstance instance, String name, long... arguments) {
        long[] results = function(instance, name).call(arguments);
        return results.length == 0 ? 0 : results[0];
    }

    static void assertTraps(String words, WasmInstance instance, String name, long... arguments) {
        assertEquals(words, assertThrows(WasmTrap.class, () -> call(instance, name, arguments)).getMessage());
    }

    static void assertOneLine(String message) {
        assertFalse(message.isBlank() || message.contains("\n"), message);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String text(WasmExtern.Memory memory, int address, int length) {
        return new String(memory.read(address, length), StandardCharsets.ISO_8859_1);
    }
}
