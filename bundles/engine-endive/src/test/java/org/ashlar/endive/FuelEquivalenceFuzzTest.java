package org.ashlar.endive;

import com.code_intelligence.jazzer.junit.FuzzTest;
import run.endive.runtime.InterpreterMachine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionImport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.tck.Behaviour;
import org.ashlar.tck.CoreModules;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Neither counting nor tuning must change what code computes: a module compiled with both does what the original does in
 * Endive's interpreter.
 */
class FuelEquivalenceFuzzTest {
    private static final int[] SLICES = {1, 50, 100_000};

    private final EndiveEngine engine = new EndiveEngine(Optional.empty(), 0, 1 << 16);

    static List<byte[]> modules() throws IOException {
        return CoreModules.random();
    }

    @MethodSource("modules")
    @FuzzTest(maxDuration = "10m")
    void whatIsCountedAndTunedComputesTheSame(byte[] bytes) {
        org.ashlar.api.wasm.WasmModule compiled;
        try {
            compiled = engine.compile(bytes);
        } catch (WasmException e) {
            return;
        }
        WasmModule parsed = Parser.parse(bytes);
        if (parsed.importSection().count(ExternalType.FUNCTION) != parsed.importSection().importCount()) {
            return;
        }
        List<FunctionType> imported = parsed.importSection().stream().map(FunctionImport.class::cast)
                .map(each -> Types.of(parsed.typeSection().getType(each.typeIndex()))).toList();
        EndiveModule interpreted = new EndiveModule(parsed, false, InterpreterMachine::new, List.of());
        for (int slice : SLICES) {
            Behaviour.assertAlike(compiled, interpreted, slice, imported);
        }
    }
}
