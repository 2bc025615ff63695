package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * For engines whose class files {@code ClassTuner} changes: their compiler still makes what it knows by names. Else functions
 * would stay as they are and be slow, and nothing would say so.
 */
public abstract class WasmTunedCodeContract {
    private static final int MANY = 4_000;

    /** The class files that the engine makes of a module. */
    protected abstract Collection<byte[]> compiled(byte[] module);

    @Test
    void functionsReadMemoryFromItsArrayAndCompareWhereTheyBranch() {
        Set<String> calls = calls(code());

        assertTrue(calls.stream().anyMatch(call -> call.startsWith("MemoryAccess.read")), calls.toString());
        assertEquals(List.of(), calls.stream().filter(call -> call.startsWith("OpcodeImpl.") || call.endsWith(".checkInterruption")
                || call.contains(".memoryRead") || call.contains(".memoryWrite")).toList());
    }

    @Test
    void largeFunctionsHaveTheirAccessesWrittenOut() {
        Code padding = code();
        for (int i = 0; i < MANY; i++) {
            padding.i32(0).op(Code.DROP);
        }
        Set<String> calls = calls(padding);

        assertTrue(calls.containsAll(Set.of("Unsafe.getInt", "Unsafe.putInt")), calls.toString());
        assertEquals(List.of(), calls.stream().filter(call -> call.startsWith("MemoryAccess.") && !call.endsWith("Outside")).toList());
    }

    /** Once at the start, and not again after a comparison that the JDK makes or after the call for more fuel. */
    @Test
    void whatOnlyReadsAndComparesLooksForTheMemoryOnce() {
        CoreModule module = new CoreModule().memory(1, 1);
        module.function("loop", "i:i", code()
                .loop()
                .get(0).access(Code.I32_LOAD, 0).set(0)
                .get(0).i32(100).op(Code.I32_LT_U).branchIf(0)
                .op(Code.END)
                .get(0));
        List<String> calls = CompiledCalls.each(compiled(module.bytes()));

        assertTrue(calls.contains("Integer.compareUnsigned"), calls.toString());
        assertEquals(1, Collections.frequency(calls, "FlatMemory.bytes"), calls.toString());
    }

    /** Of the two parameters one is read in the loop, before the call for more fuel and behind it; the other is not. */
    @Test
    void whatALoopWorksWithDoesNotLiveAcrossTheCallForMoreFuel() {
        CoreModule module = new CoreModule();
        module.function("loop", "ii:i", code()
                .loop()
                .get(0).i32(1).op(Code.I32_SUB).set(0)
                .get(0).branchIf(0)
                .op(Code.END)
                .get(1));

        List<String> fields = CompiledCalls.fields(compiled(module.bytes()));
        assertEquals(2, Collections.frequency(fields, "MemoryAccess.nothing"), fields.toString());
    }

    private Set<String> calls(Code padding) {
        CoreModule module = new CoreModule().memory(1, 1);
        module.function("loop", "i:i", padding
                .loop()
                .get(0).get(0).access(Code.I32_LOAD, 0).access(Code.I32_STORE, 4)
                .get(0).i32(100).op(Code.I32_LT_S).branchIf(0)
                .op(Code.END)
                .get(0));
        return CompiledCalls.of(compiled(module.bytes()));
    }
}
