package org.ashlar.api.wasm;

/**
 * An engine for core WebAssembly modules: WebAssembly 2.0 without vectors (SIMD, {@code v128}), plus tail calls, exceptions
 * and GC where the engine has them. Vectors, shared memories and 64-bit memories are refused unless an engine says otherwise.
 * <p>
 * Life cycle: holders take the newest of those registered unless told otherwise. An engine's modules and instances stay
 * usable until its bundle is stopped; a holder lets go of them before that.
 */
public interface WasmEngine {
    /** A short name for people and configuration, such as {@code chicory}. */
    String name();

    /**
     * Decodes, validates and compiles. May take seconds; call it on a platform thread. The result is shared between
     * calls with the same bytes, and the compiled code may be kept on disk.
     *
     * @param module a core module in binary form; not trusted, not modified
     * @throws WasmException when it is no valid module, or uses what this engine lacks: one line that names the cause
     */
    WasmModule compile(byte[] module);
}
