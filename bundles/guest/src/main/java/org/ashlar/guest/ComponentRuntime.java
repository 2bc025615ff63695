package org.ashlar.guest;

import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestException.Phase;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.service.Providers;

/** Runs components on the engine that is preferred at the moment. */
final class ComponentRuntime implements GuestRuntime {
    private final Providers<Engine> engines;
    private final Programs programs;

    ComponentRuntime(Providers<Engine> engines, Programs programs) {
        this.engines = engines;
        this.programs = programs;
    }

    @Override
    public String name() {
        return "guest";
    }

    @Override
    public GuestProgram load(byte[] component) throws GuestException {
        try (Providers.Lease<Engine> lease = engines.lease().orElseThrow(() -> new GuestException(Phase.ABSENT,
                "no Wasm engine is running; deploy one, such as engine-chicory, and try again", null))) {
            return programs.get(component, lease.service());
        }
    }
}
