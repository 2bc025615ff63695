package org.ashlar.endive;

import java.nio.file.Path;
import java.util.Optional;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.tck.WasmCodeCacheContract;
import org.ashlar.tck.WasmCodeContract;
import org.ashlar.tck.WasmEngineContract;
import org.ashlar.tck.WasmFuelContract;
import org.ashlar.tck.WasmLimitsContract;
import org.ashlar.tck.WasmLinkingContract;
import org.ashlar.tck.WasmMemoryContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class EndiveEngineTest {
    @TempDir
    private Path cache;

    private WasmEngine engine() {
        return engine(cache);
    }

    private static WasmEngine engine(Path cache) {
        return new EndiveEngine(Optional.of(cache), 100 << 20, WasmLimitsContract.MODULE_LIMIT);
    }

    @Nested
    class Engine extends WasmEngineContract {
        @Override
        protected WasmEngine newEngine() {
            return engine();
        }
    }

    @Nested
    class Code extends WasmCodeContract {
        @Override
        protected WasmEngine newEngine() {
            return engine();
        }
    }

    @Nested
    class Memory extends WasmMemoryContract {
        @Override
        protected WasmEngine newEngine() {
            return engine();
        }
    }

    @Nested
    class Linking extends WasmLinkingContract {
        @Override
        protected WasmEngine newEngine() {
            return engine();
        }
    }

    @Nested
    class Limits extends WasmLimitsContract {
        @Override
        protected WasmEngine newEngine() {
            return engine();
        }
    }

    @Nested
    class CodeCache extends WasmCodeCacheContract {
        @Override
        protected WasmEngine newEngine(Path folder) {
            return engine(folder);
        }
    }

    @Nested
    class Fuel extends WasmFuelContract {
        @Override
        protected WasmEngine newEngine() {
            return engine();
        }
    }
}
