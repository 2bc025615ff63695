package org.ashlar.chicory;

import java.nio.file.Path;
import java.util.Optional;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.tck.WasmEngineContract;
import org.junit.jupiter.api.io.TempDir;

class ChicoryEngineTest extends WasmEngineContract {
    @TempDir
    private Path cache;

    @Override
    protected WasmEngine newEngine() {
        return new ChicoryEngine(Optional.of(cache), 100 << 20, 1 << 20);
    }
}
