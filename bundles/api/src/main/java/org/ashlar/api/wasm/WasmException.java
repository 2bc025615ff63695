package org.ashlar.api.wasm;

/** A module that is not valid, or cannot be linked. The message is one line that names the cause. */
public final class WasmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WasmException(String message) {
        super(message);
    }

    public WasmException(String message, Throwable cause) {
        super(message, cause);
    }
}
