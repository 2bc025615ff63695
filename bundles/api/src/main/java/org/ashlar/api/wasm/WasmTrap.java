package org.ashlar.api.wasm;

/** Wasm code that trapped; the message is the specification's, such as {@code unreachable}. */
public final class WasmTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WasmTrap(String message) {
        super(message);
    }

    public WasmTrap(String message, Throwable cause) {
        super(message, cause);
    }
}
