package org.ashlar.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.Transport;

/** What connects one run of a node with others, over {@link Wires}. */
final class SimTransport implements Transport {
    private static final long AGAIN_NANOS = 1_000_000_000L;

    private final Wires wires;
    private final SimMachine machine;
    private final String host;

    SimTransport(Wires wires, SimMachine machine, String host) {
        this.wires = wires;
        this.machine = machine;
        this.host = host;
    }

    @Override
    public String protocol() {
        return "tcp";
    }

    @Override
    public boolean keepsPieces() {
        return false;
    }

    @Override
    public Link connect(InetSocketAddress to, Duration patience) throws IOException {
        String there = to.getAddress().getHostAddress();
        long deadline = machine.nanos() + patience.toNanos();
        while (wires.isLost(host, there) || wires.isLost(there, host) || !wires.isUp(there)) {
            if (machine.nanos() >= deadline) {
                throw new IOException("nobody answers at " + to);
            }
            machine.park(Math.min(AGAIN_NANOS, deadline - machine.nanos()));
        }
        machine.park(wires.delay());
        Optional<Wires.Door> door = wires.door(to);
        if (door.isEmpty()) {
            throw new IOException("nobody listens at " + to);
        }
        Cable cable = wires.cable(host, there);
        wires.note("link " + cable.number() + " " + host + " " + there);
        door.get().machine().start("accept", () -> door.get().accepted().accept(cable.called()));
        machine.park(wires.delay());
        return cable.caller();
    }

    @Override
    public Listener listen(InetSocketAddress at, Consumer<Link> accepted) throws IOException {
        wires.listen(at, new Wires.Door(machine, accepted));
        return new Listener() {
            @Override
            public InetSocketAddress address() {
                return at;
            }

            @Override
            public void close() {
                wires.close(at);
            }
        };
    }
}
