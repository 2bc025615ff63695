package org.ashlar.chicory;

import java.util.Collection;
import org.ashlar.tck.WasmTunedCodeContract;

class TunedCodeTest extends WasmTunedCodeContract {
    @Override
    protected Collection<byte[]> compiled(byte[] module) {
        return new ModuleCompiler().compile(module, "tuned").classes().values();
    }
}
