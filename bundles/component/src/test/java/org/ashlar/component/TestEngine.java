package org.ashlar.component;

import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.chicory.ChicoryEngine;

/** A real engine, without a framework around it. */
final class TestEngine {
    static final WasmEngine CHICORY = ChicoryEngine.inMemory();

    private TestEngine() {
    }
}
