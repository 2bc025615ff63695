package org.ashlar.wasm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.tck.CoreModules;
import org.junit.jupiter.params.provider.MethodSource;

/** A module has been validated when it is rewritten; but should the validation have a gap, nothing worse than an error follows. */
class FuelRewriterFuzzTest {
    private static final int HEADER = 8;

    static List<byte[]> validModules() {
        return CoreModules.seeds();
    }

    @MethodSource("validModules")
    @FuzzTest(maxDuration = "5m")
    void rewritingEndsWithAModuleOfBoundedSizeOrOneLine(byte[] module) {
        if (module.length < HEADER) {
            return; // the parser has seen the header
        }
        try {
            FuelRewriter.rewrite(module).ifPresent(rewritten ->
                    assertTrue(rewritten.length <= 4L * module.length + (1 << 18), "it became " + rewritten.length + " bytes"));
        } catch (WasmException e) {
            assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"));
        }
    }
}
