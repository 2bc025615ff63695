package org.ashlar.chicory;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.tck.CoreModules;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Modules come from strangers. Run with the environment variable {@code JAZZER_FUZZ=1} it searches for bytes that break
 * the rule; without, it tries the seeds.
 */
class CompileFuzzTest {
    private final ChicoryEngine engine = new ChicoryEngine(Optional.empty(), 0, 1 << 16);

    static List<byte[]> validModules() {
        return CoreModules.seeds();
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
