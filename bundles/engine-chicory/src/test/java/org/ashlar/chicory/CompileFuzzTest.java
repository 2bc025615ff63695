package org.ashlar.chicory;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.tck.Code;
import org.ashlar.tck.CoreModule;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Modules come from strangers. Run with the environment variable {@code JAZZER_FUZZ=1} it searches for bytes that break
 * the rule; without, it tries the seeds.
 */
class CompileFuzzTest {
    private final ChicoryEngine engine = new ChicoryEngine(Optional.empty(), 0, 1 << 16);

    static List<byte[]> validModules() {
        CoreModule computing = new CoreModule().memory(1, 2).global("g", 3).activeData(8, new byte[] {1, 2, 3});
        computing.function("load", "i:l", code().get(0).access(Code.I64_LOAD, 0));
        computing.function("loop", "i:i", 1, code().loop().get(1).i32(1).op(Code.I32_ADD).set(1)
                .get(1).get(0).op(Code.I32_SUB).branchIf(0).op(Code.END).get(1));
        CoreModule linked = new CoreModule().importMemory("m", "memory", 1).table(2, 4).tag("t", "i:");
        int imported = linked.importFunction("m", "f", "id:lf");
        int own = linked.function("f", "i:", code().get(0).throwTag(0));
        linked.function("call", "i:", code().get(0).i32(1).callIndirect(linked.type("i:"), 0));
        linked.element(0, imported, own).passiveData(new byte[9]).start(linked.function("s", ":", code()));
        return List.of(new CoreModule().bytes(), computing.bytes(), linked.bytes());
    }

    @MethodSource("validModules")
    @FuzzTest(maxDuration = "10m")
    void compileEndsWithAModuleOrOneLine(byte[] module) {
        try {
            engine.compile(module);
        } catch (WasmException e) {
            assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"));
        }
    }
}
