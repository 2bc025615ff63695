package org.ashlar.net;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ashlar.api.message.NodeName;
import org.ashlar.codec.MessagePackCodec;

/**
 * How this node takes part in the network, from framework properties.
 *
 * @param home   the node's home folder; empty: nothing is remembered
 * @param listen the address at which it takes connections; {@code none}: at none
 * @param port   the port for TCP, and the next one for WebSocket; empty: those of the last run, or the first free ones from
 *               {@link #TCP} and {@link #WS} on
 * @param host   what others are to call its address; empty: {@code listen}, or what the machine calls itself
 * @param routerFor names of nodes that this one leads others to
 * @param via       names of nodes that lead others to this one
 * @param room      bytes of the heap for large messages that come in; empty: {@link Limits#ROOM_BYTES}
 */
record Settings(Optional<Path> home, String listen, Optional<Integer> port, Optional<String> host, Set<String> routerFor,
                List<String> via, Optional<Long> room) {
    /** The specification's ports (reference-modules 1.1). */
    static final int TCP = 10_000;
    static final int WS = 9_000;
    /** What {@code listen} says for no address. */
    static final String NONE = "none";
    private static final int PEERS = 1_000;
    private static final int MAX_PEERS = 10_000;
    private static final int MAX_NAMES = 1_024;
    private static final String LOOPBACK = "127.0.0.1";

    static Settings read(Function<String, String> properties) {
        List<String> via = names(properties.apply("ashlar.net.via"));
        return new Settings(Optional.ofNullable(properties.apply("ashlar.home")).map(Path::of),
                Optional.ofNullable(properties.apply("ashlar.net.listen")).orElse(via.isEmpty() ? LOOPBACK : NONE),
                Optional.ofNullable(properties.apply("ashlar.net.port")).map(Integer::valueOf),
                Optional.ofNullable(properties.apply("ashlar.net.host")), Set.copyOf(names(properties.apply("ashlar.net.router-for"))), via,
                Optional.ofNullable(properties.apply("ashlar.net.room")).map(Settings::bytes));
    }

    private static long bytes(String text) {
        long bytes = Long.parseLong(text);
        if (bytes < 4L * MessagePackCodec.MAX_MESSAGE) {
            throw new IllegalArgumentException("ashlar.net.room is " + bytes + "; at least " + 4L * MessagePackCodec.MAX_MESSAGE);
        }
        return bytes;
    }

    /** With how many nodes it is connected at a time. @throws IllegalArgumentException when that is no number from 1 to {@link #MAX_PEERS} */
    static int peers(Function<String, String> properties) {
        int peers = Optional.ofNullable(properties.apply("ashlar.net.peers")).map(Integer::valueOf).orElse(PEERS);
        if (peers < 1 || peers > MAX_PEERS) {
            throw new IllegalArgumentException("ashlar.net.peers is " + peers + "; it may be 1 to " + MAX_PEERS);
        }
        return peers;
    }

    /** Names with commas between them. @throws IllegalArgumentException when one is no node's, or they are too many */
    private static List<String> names(String text) {
        List<String> names = text == null ? List.of()
                : Arrays.stream(text.split(",")).filter(name -> !name.isEmpty()).map(NodeName::checked).distinct().toList();
        if (names.size() > MAX_NAMES) {
            throw new IllegalArgumentException(names.size() + " names; at most " + MAX_NAMES);
        }
        return names;
    }

    boolean listens() {
        return !listen.equals(NONE);
    }
}
