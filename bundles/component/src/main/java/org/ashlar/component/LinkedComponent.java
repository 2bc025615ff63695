package org.ashlar.component;

import org.ashlar.api.wasm.MemoryBudget;

/**
 * A component whose imports are tied to the functions of a host. Immutable; shared between threads.
 *
 * @param <H> the host's state of one instance
 */
public final class LinkedComponent<H> {
    private LinkedComponent() {
    }

    /**
     * Makes an instance and runs its start functions, on the calling thread.
     *
     * @param host   handed to each host function that this instance calls
     * @param budget asked before a memory or table of any of its core modules takes room
     * @throws ComponentException               when the budget refuses an initial size
     * @throws org.ashlar.api.wasm.WasmTrap     when a start function traps
     */
    public ComponentInstance instantiate(H host, MemoryBudget budget) {
        throw new UnsupportedOperationException("instances not landed yet");
    }
}
