package org.ashlar.component;

import java.util.Map;
import java.util.Objects;

import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.component.type.ExternType;

/** A component that is decoded and valid. Immutable; shared between threads. */
public final class Component {
    private Component() {
    }

    /**
     * Decodes and validates a component. Core modules inside are checked for what their surroundings need; their code is
     * validated by {@link #compile}.
     *
     * @param bytes the binary form; not trusted, copied
     * @throws ComponentException when it is no valid component: a core module, garbage, a feature that is not supported, or
     *                            beyond a limit
     */
    public static Component decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        throw new UnsupportedOperationException("decoder not landed yet");
    }

    /** What it imports, by name, in order; a name may be plain or an interface such as {@code wasi:io/streams@0.2.3}. */
    public Map<String, ExternType> imports() {
        return Map.of();
    }

    /** What it exports, by name, in order. */
    public Map<String, ExternType> exports() {
        return Map.of();
    }

    /**
     * Compiles its core modules. May take seconds; call it on a platform thread.
     *
     * @throws ComponentException when a core module is not valid, or uses what the engine lacks
     */
    public CompiledComponent compile(WasmEngine engine) {
        Objects.requireNonNull(engine, "engine");
        throw new UnsupportedOperationException("compiler not landed yet");
    }
}
