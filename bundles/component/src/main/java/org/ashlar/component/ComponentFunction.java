package org.ashlar.component;

import org.ashlar.component.type.FuncType;

/** A function of an instance, ready to be called from outside; used by one thread at a time. */
public interface ComponentFunction {
    FuncType type();

    /**
     * Calls it.
     *
     * @param arguments one for each parameter, by the package's table
     * @return the result by the package's table, {@link Unit#VALUE} when there is none
     * @throws ComponentException                       when the arguments do not fit the type; the instance stays usable
     * @throws ComponentTrap                            when the component breaks the canonical ABI, or may not be entered
     * @throws org.ashlar.api.wasm.WasmTrap             when its code traps
     * @throws org.ashlar.api.wasm.WasmInterrupted      when the thread was interrupted while its code ran
     */
    Object call(Object... arguments);
}
