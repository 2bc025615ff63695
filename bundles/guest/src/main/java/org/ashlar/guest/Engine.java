package org.ashlar.guest;

import java.util.Map;
import org.ashlar.api.service.Providers;
import org.ashlar.api.wasm.WasmEngine;

/**
 * An engine, and whether it is still there: programs keep the engine that compiled them, and ask. One that throws what no
 * engine may, before any guest on it has come to its receive, has failed at its first call: when it is taken out for that, it
 * counts as gone.
 */
final class Engine {
    private final WasmEngine service;
    private final Providers<Engine> among;
    private final String name;
    private volatile boolean departed;
    private volatile boolean failed;
    /** Told twice does no harm, so that most need not look at it as others left it. */
    private boolean works;

    private Engine(WasmEngine service, Providers<Engine> among) {
        this.service = service;
        this.among = among;
        this.name = service.name();
    }

    /**
     * One more of {@code among}.
     *
     * @param ranking    among them
     * @param properties of the service
     */
    static Engine of(WasmEngine service, Providers<Engine> among, int ranking, Map<String, ?> properties) {
        Engine engine = new Engine(service, among);
        among.add(engine, ranking, properties);
        return engine;
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
        return !departed && !failed;
    }

    /** A guest on it has come to its receive. */
    void works() {
        if (!works) {
            works = true;
            among.lease(this).ifPresent(lease -> {
                lease.works();
                lease.close();
            });
        }
    }

    /** It threw what no engine may. @return whether it is taken out for that: another is to be tried */
    boolean failed(Throwable why) {
        try (Providers.Lease<Engine> lease = among.lease(this).orElse(null)) {
            failed |= lease != null && lease.failed(why);
            return failed;
        }
    }
}
