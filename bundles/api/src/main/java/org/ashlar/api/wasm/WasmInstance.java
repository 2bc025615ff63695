package org.ashlar.api.wasm;

import java.util.Optional;

/** An instance of a module; used by one thread at a time. */
public interface WasmInstance {
    /** The export with this name. */
    Optional<WasmExtern> export(String name);
}
