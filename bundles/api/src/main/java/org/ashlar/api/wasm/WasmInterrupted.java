package org.ashlar.api.wasm;

/** Wasm code that was ended by interrupting its thread. */
public final class WasmInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WasmInterrupted() {
        super("interrupted", null, false, false);
    }
}
