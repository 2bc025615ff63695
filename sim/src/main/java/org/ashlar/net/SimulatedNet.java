package org.ashlar.net;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.net.PeerBook;
import org.ashlar.api.net.Transport;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.noise.NoiseKey;
import org.ashlar.sim.SimMachine;

/**
 * The network of a node, put together as the framework does, on a simulated machine. It lies in the network's package because
 * nothing of that is public. All methods are for threads of that machine.
 */
public final class SimulatedNet {
    private static final int MAX_PEERS = 1_000;

    private final NetComponent net;

    /**
     * @param host    where it listens
     * @param printed told what it prints
     */
    public SimulatedNet(SimMachine machine, Identity identity, String host, PeerBook book, Transport transport, Kernel kernel,
                        Consumer<Printout> printed) {
        Settings settings = Settings.read(Map.of("ashlar.net.listen", host)::get);
        net = new NetComponent(settings, MAX_PEERS, new OnSimulated(machine));
        net.addSink(printed::accept);
        net.addKernel(kernel, Map.of());
        net.addTransport(transport, Map.of());
        net.addIdentity(identity);
        net.addDirectory(book, Map.of());
    }

    /** What the kernel is to know as {@code net:distro:sys}. */
    public SystemProcess process() {
        return net;
    }

    /** Ends all connections, in order. */
    public void close() {
        net.close();
    }

    private record OnSimulated(SimMachine machine) implements Machine {
        @Override
        public long nanos() {
            return machine.nanos();
        }

        @Override
        public Instant now() {
            return machine.now();
        }

        @Override
        public RandomGenerator random() {
            return machine.random();
        }

        @Override
        public Supplier<NoiseKey> keys() {
            return () -> {
                byte[] secret = new byte[NoiseKey.LENGTH];
                machine.random().nextBytes(secret);
                return NoiseKey.of(secret);
            };
        }

        @Override
        public void start(String name, Runnable work) {
            machine.start(name, work);
        }

        @Override
        public void pause(long nanos) {
            machine.park(nanos);
        }

        @Override
        public Condition condition(ReentrantLock lock) {
            return machine.condition(lock);
        }

        @Override
        public <T> T call(Callable<T> work) throws IOException {
            try {
                return work.call();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() { }
    }
}
