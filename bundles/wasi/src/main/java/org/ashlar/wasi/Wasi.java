package org.ashlar.wasi;

import java.util.function.Function;

import org.ashlar.component.Linker;

/** WASI 0.2 for components: cli, clocks, filesystem, io, random, and sockets that refuse. */
public final class Wasi {
    private Wasi() {
    }

    /**
     * Defines all interfaces, for whatever version 0.2.x a component imports.
     * <p>
     * A guest's misuse, such as a write beyond what was permitted, ends it with an
     * {@link org.ashlar.api.process.GuestTrap}; {@code exit} ends it with a {@link WasiExit}.
     *
     * @param linker   gets the definitions
     * @param contexts the context of an instance, by the embedder's state of that instance
     */
    public static <H> void addTo(Linker.Builder<H> linker, Function<? super H, WasiContext> contexts) {
        Interfaces<H> interfaces = new Interfaces<>(linker, contexts);
        IoInterfaces.define(interfaces);
        CliInterfaces.define(interfaces);
        ClockInterfaces.define(interfaces);
        RandomInterfaces.define(interfaces);
        FilesystemInterfaces.define(interfaces);
        SocketInterfaces.define(interfaces);
    }
}
