package org.ashlar.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.Transport;

/**
 * Where this node takes connections: one port for each transport. A transport that takes the place of another of its
 * protocol gets its port. Opening a door may take a while, and is not for virtual threads; the other methods are for any.
 */
final class Doors {
    /** How many ports are tried, from the first on. */
    private static final int TRIES = 512;
    /** How long to try to get back the port that the predecessor had. */
    private static final long HAND_OVER_NANOS = 2_000_000_000L;
    private static final long AGAIN_NANOS = 50_000_000;

    private final Settings settings;
    private final Lines lines;
    private final Machine machine;
    private final Ports ports;
    private final BiConsumer<Transport, Link> accepted;
    private final Map<String, Door> open = new HashMap<>();

    private record Door(Transport transport, Transport.Listener listener) { }

    Doors(Settings settings, Lines lines, Machine machine, BiConsumer<Transport, Link> accepted) {
        this.settings = settings;
        this.lines = lines;
        this.machine = machine;
        this.accepted = accepted;
        ports = new Ports(settings.home());
    }

    synchronized void open(Transport transport) {
        if (!settings.listens()) {
            return;
        }
        Door before = open.remove(transport.protocol());
        if (before != null) {
            before.listener().close();
        }
        try {
            Transport.Listener listener = listen(transport);
            open.put(transport.protocol(), new Door(transport, listener));
            ports.put(transport.protocol(), listener.address().getPort());
        } catch (IOException e) {
            lines.print(0, "this node takes no connections over " + transport.protocol() + ": " + e.getMessage());
        }
    }

    synchronized void close(Transport transport) {
        Door door = open.get(transport.protocol());
        if (door != null && door.transport() == transport) {
            open.remove(transport.protocol());
            door.listener().close();
        }
    }

    private Transport.Listener listen(Transport transport) throws IOException {
        String protocol = transport.protocol();
        boolean tcp = protocol.equals("tcp");
        int first = settings.port().map(port -> tcp ? port : port + 1).orElse(tcp ? Settings.TCP : Settings.WS);
        Optional<Integer> wanted = settings.port().isPresent() ? Optional.of(first) : ports.get(protocol);
        InetAddress host = InetAddress.getByName(settings.listen());
        if (wanted.isPresent()) {
            long end = machine.nanos() + HAND_OVER_NANOS;
            do {
                try {
                    return listen(transport, host, wanted.get());
                } catch (IOException taken) {
                    machine.pause(AGAIN_NANOS);
                }
            } while (machine.nanos() - end < 0);
        }
        IOException last = null;
        for (int port = first; port < Math.min(first + TRIES, 1 << 16); port++) {
            try {
                Transport.Listener listener = listen(transport, host, port);
                wanted.ifPresent(before -> lines.print(0, "port " + before + " is taken: this node takes connections over " + protocol
                        + " at " + listener.address().getPort() + " instead. Give others its new card (\"ashlar card\")."));
                return listener;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("no port from " + first + " on is free", last);
    }

    private Transport.Listener listen(Transport transport, InetAddress host, int port) throws IOException {
        return transport.listen(new InetSocketAddress(host, port), link -> accepted.accept(transport, link));
    }

    /** What others are to be told. */
    synchronized List<NodeAddress> addresses() {
        List<NodeAddress> addresses = new ArrayList<>();
        for (String protocol : List.of("tcp", "ws")) {
            Door door = open.get(protocol);
            if (door != null) {
                InetSocketAddress at = door.listener().address();
                addresses.add(new NodeAddress(protocol, settings.host().orElseGet(() -> host(at.getAddress())), at.getPort()));
            }
        }
        return addresses;
    }

    /** How others reach this machine, as far as it can know: an address that no loopback has, the old kind first. */
    private static String host(InetAddress listen) {
        if (!listen.isAnyLocalAddress()) {
            return listen.getHostAddress();
        }
        try {
            return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min((a, b) -> Integer.compare(a.getAddress().length, b.getAddress().length)).map(InetAddress::getHostAddress)
                    .orElse("127.0.0.1");
        } catch (IOException e) {
            return "127.0.0.1";
        }
    }

    synchronized void close() {
        open.values().forEach(door -> door.listener().close());
        open.clear();
    }
}
