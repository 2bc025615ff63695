package org.ashlar.net;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * How this node takes part in the network, from framework properties.
 *
 * @param home   the node's home folder; empty: nothing is remembered
 * @param listen the address at which it takes connections; {@code none}: at none
 * @param port   the port for TCP, and the next one for WebSocket; empty: those of the last run, or the first free ones from
 *               {@link #TCP} and {@link #WS} on
 * @param host   what others are to call its address; empty: {@code listen}, or what the machine calls itself
 */
record Settings(Optional<Path> home, String listen, Optional<Integer> port, Optional<String> host) {
    /** The specification's ports (reference-modules 1.1). */
    static final int TCP = 10_000;
    static final int WS = 9_000;
    /** What {@code listen} says for no address. */
    static final String NONE = "none";
    private static final String LOOPBACK = "127.0.0.1";

    static Settings read(Function<String, String> properties) {
        return new Settings(Optional.ofNullable(properties.apply("ashlar.home")).map(Path::of),
                Optional.ofNullable(properties.apply("ashlar.net.listen")).orElse(LOOPBACK),
                Optional.ofNullable(properties.apply("ashlar.net.port")).map(Integer::valueOf),
                Optional.ofNullable(properties.apply("ashlar.net.host")));
    }

    boolean listens() {
        return !listen.equals(NONE);
    }
}
