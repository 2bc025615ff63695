package org.ashlar.endive;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmInterrupted;
import org.ashlar.tck.Code;
import org.ashlar.tck.CoreModule;
import org.junit.jupiter.api.Test;

class InterpretedFunctionsTest {
    private final EndiveEngine engine = new EndiveEngine(Optional.empty(), 0, 1 << 20);

    @Test
    void aFunctionTooLargeForTheJvmIsInterpretedAndNamed() {
        CoreModule module = new CoreModule();
        Code huge = code().get(0);
        for (int i = 0; i < 30_000; i++) {
            huge.i32(1000).op(Code.I32_ADD);
        }
        module.function("huge", "i:i", huge);
        module.function("small", "i:i", code().get(0).call(0));
        EndiveModule compiled = (EndiveModule) engine.compile(module.bytes());

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
        EndiveModule compiled = (EndiveModule) engine.compile(module.bytes());
        assertEquals(List.of("huge"), compiled.interpreted());
        Thread.currentThread().interrupt();
        WasmInstance instance = compiled.instantiate(List.of(), MemoryBudget.of(0));
        assertThrows(WasmInterrupted.class, () -> call(instance, "huge"));
    }

    private static long call(WasmInstance instance, String name, long... arguments) {
        long[] results = ((WasmExtern.Function) instance.export(name).orElseThrow()).call(arguments);
        return results.length == 0 ? 0 : results[0];
    }
}
