package org.ashlar.component;

import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.component.binary.Limits;

/** What all instances made by one instantiation have in common. */
final class Store {
    private final Object host;
    private final MemoryBudget budget;
    private final Fuel fuel;
    private int instances;

    Store(Object host, MemoryBudget budget, Fuel fuel) {
        this.host = host;
        this.budget = budget;
        this.fuel = fuel;
    }

    /** The state of the host that belongs to the instance. */
    Object host() {
        return host;
    }

    MemoryBudget budget() {
        return budget;
    }

    Fuel fuel() {
        return fuel;
    }

    /** Counts an instance: a small component can ask for any number, by instantiating what instantiates. */
    void countInstance() {
        if (++instances > Limits.INSTANCES) {
            throw new ComponentException(ComponentException.Kind.LIMIT,
                    "number of instances made by one instantiation exceeds the limit of " + Limits.INSTANCES);
        }
    }
}
