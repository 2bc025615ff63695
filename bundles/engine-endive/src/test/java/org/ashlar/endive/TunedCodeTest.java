package org.ashlar.endive;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.ashlar.tck.Code;
import org.ashlar.tck.CompiledCalls;
import org.ashlar.tck.CoreModule;
import org.junit.jupiter.api.Test;

/**
 * The compiler still makes what {@code ClassTuner} knows by names: else functions would stay as they are and be slow, and nothing
 * would say so.
 */
class TunedCodeTest {
    @Test
    void functionsReadMemoryFromItsArrayAndCompareWhereTheyBranch() {
        CoreModule module = new CoreModule().memory(1, 1);
        module.function("loop", "i:i", code()
                .loop()
                .get(0).get(0).access(Code.I32_LOAD, 0).access(Code.I32_STORE, 4)
                .get(0).i32(100).op(Code.I32_LT_S).branchIf(0)
                .op(Code.END)
                .get(0));
        Set<String> calls = CompiledCalls.of(new ModuleCompiler().compile(module.bytes(), "tuned").classes().values());

        assertTrue(calls.stream().anyMatch(call -> call.startsWith("MemoryAccess.")), calls.toString());
        assertEquals(List.of(), calls.stream().filter(call -> call.startsWith("OpcodeImpl.") || call.endsWith(".checkInterruption")
                || call.contains(".memoryRead") || call.contains(".memoryWrite")).toList());
    }
}
