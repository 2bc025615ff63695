package org.ashlar.component;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;

/**
 * A component whose imports are tied to the functions of a host. Immutable; shared between threads.
 *
 * @param <H> the host's state of one instance
 */
public final class LinkedComponent<H> {
    private final CompiledComponent component;
    private final Frame.Named imports;

    LinkedComponent(CompiledComponent component, Map<String, Object> imports) {
        this.component = component;
        this.imports = Frame.Named.of(imports);
    }

    /**
     * Makes an instance and runs its start functions, on the calling thread.
     *
     * @param host   handed to each host function that this instance calls
     * @param budget asked before a memory or table of any of its core modules, or its table of handles, takes room
     * @param fuel   asked by each of its core modules when it has used up what it was given
     * @throws ComponentException               when the budget refuses an initial size, or a limit is exceeded
     * @throws org.ashlar.api.wasm.WasmTrap     when a start function traps
     */
    public ComponentInstance instantiate(H host, MemoryBudget budget, Fuel fuel) {
        Store store = new Store(Objects.requireNonNull(host, "host"), Objects.requireNonNull(budget, "budget"),
                Objects.requireNonNull(fuel, "fuel"));
        try {
            Frame frame = component.plan().instantiate(store, Optional.empty(), imports, Optional.empty());
            return new ComponentInstance(component.type().exports(), frame.exports(), store.host());
        } catch (WasmException e) {
            throw new ComponentException(ComponentException.Kind.UNLINKABLE,
                    "a core module cannot be instantiated: " + e.getMessage(), e);
        }
    }

    /** The same without counting what it computes. */
    public ComponentInstance instantiate(H host, MemoryBudget budget) {
        return instantiate(host, budget, Fuel.UNCOUNTED);
    }
}
