package org.ashlar.guest;

import org.ashlar.api.wasm.WasmEngine;

/** An engine, and whether it is still there: programs keep the engine that compiled them, and ask. */
final class Engine {
    private final WasmEngine service;
    private final String name;
    private volatile boolean departed;

    Engine(WasmEngine service) {
        this.service = service;
        this.name = service.name();
    }

    WasmEngine service() {
        return service;
    }

    String name() {
        return name;
    }

    void depart() {
        departed = true;
    }

    boolean isThere() {
        return !departed;
    }
}
