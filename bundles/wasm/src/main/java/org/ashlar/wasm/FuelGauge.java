package org.ashlar.wasm;

import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.WasmInterrupted;

/** One instance's account with its process's {@link Fuel}. Used by the instance's thread alone. */
public final class FuelGauge {
    private final Fuel fuel;
    private int given;

    public FuelGauge(Fuel fuel) {
        this.fuel = fuel;
    }

    /**
     * What the import of {@link FuelRewriter} does.
     *
     * @param left what is left of what was given last; below zero
     * @return what is given now
     * @throws WasmInterrupted when the thread was interrupted; the flag is cleared
     */
    public int next(int left) {
        if (Thread.interrupted()) {
            throw new WasmInterrupted();
        }
        long used = (long) given - left;
        given = 0; // should this throw, the next caller starts with nothing
        given = Math.clamp(fuel.next(used), 1, Fuel.MOST);
        return given;
    }
}
