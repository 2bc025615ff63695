package org.ashlar.guest;

import java.time.Duration;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestException.Phase;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.service.Providers;

/** Runs components on the engine that is preferred at the moment. */
final class ComponentRuntime implements GuestRuntime {
    private final Providers<Engine> engines;
    private final Programs programs;
    private final Duration patience;

    /** @param patience how long loading waits for an engine while there is none, as during an update */
    ComponentRuntime(Providers<Engine> engines, Programs programs, Duration patience) {
        this.engines = engines;
        this.programs = programs;
        this.patience = patience;
    }

    @Override
    public String name() {
        return "guest";
    }

    @Override
    public GuestProgram load(byte[] component) throws GuestException {
        try (Providers.Lease<Engine> lease = engines.lease(patience).orElseThrow(() -> new GuestException(Phase.START,
                "no Wasm engine is running; deploy one, such as engine-chicory, and try again", null))) {
            return programs.get(component, lease.service());
        }
    }
}
