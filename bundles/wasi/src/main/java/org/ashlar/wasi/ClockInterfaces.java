package org.ashlar.wasi;

import java.time.Instant;

/** {@code wasi:clocks}. The time zone is UTC. */
final class ClockInterfaces {
    private ClockInterfaces() {
    }

    static void define(Interfaces<?> interfaces) {
        interfaces.in("wasi:clocks/wall-clock")
                .function("now", (wasi, _) -> datetime(wasi.clocks().wall()))
                .function("resolution", (_, _) -> new Object[] {0L, Clocks.WALL_RESOLUTION});
        interfaces.in("wasi:clocks/monotonic-clock").resource("pollable", Pollable.class)
                .function("now", (wasi, _) -> wasi.clocks().monotonic())
                .function("resolution", (_, _) -> 1L)
                .function("subscribe-instant", (wasi, a) -> wasi.grant(Pollable.at(a.number(0))))
                .function("subscribe-duration",
                        (wasi, a) -> wasi.grant(Pollable.after(wasi.clocks().monotonic(), a.number(0))));
        interfaces.in("wasi:clocks/timezone")
                .function("display", (_, _) -> new Object[] {0, "UTC", false})
                .function("utc-offset", (_, _) -> 0);
    }

    /** {@code datetime}; a time before 1970 is 1970. */
    static Object[] datetime(Instant instant) {
        return instant.getEpochSecond() < 0 ? new Object[] {0L, 0}
                : new Object[] {instant.getEpochSecond(), instant.getNano()};
    }
}
