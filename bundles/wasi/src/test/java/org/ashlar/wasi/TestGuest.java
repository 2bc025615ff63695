package org.ashlar.wasi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.chicory.ChicoryEngine;
import org.ashlar.component.CompiledComponent;
import org.ashlar.component.Component;
import org.ashlar.component.ComponentInstance;
import org.ashlar.component.LinkedComponent;
import org.ashlar.component.Linker;

/** Real components on the real engine. */
final class TestGuest {
    private static final long MEMORY = 64L << 20;
    private static final WasmEngine ENGINE = ChicoryEngine.inMemory();
    private static final Map<Path, CompiledComponent> COMPILED = new ConcurrentHashMap<>();

    private TestGuest() {
    }

    /** @param file from the module's folder */
    static CompiledComponent compiled(String file) {
        return COMPILED.computeIfAbsent(Path.of(file), path -> {
            try {
                return Component.decode(Files.readAllBytes(path)).compile(ENGINE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static LinkedComponent<WasiContext> linked(String file) {
        Linker.Builder<WasiContext> linker = Linker.builder();
        Wasi.addTo(linker, wasi -> wasi);
        return linker.build().link(compiled(file));
    }

    static ComponentInstance instance(String file, WasiContext wasi) {
        return linked(file).instantiate(wasi, MemoryBudget.of(MEMORY));
    }
}
