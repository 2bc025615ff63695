package org.ashlar.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.sim.SimMachine;

/**
 * The kernel of a node, put together as its OSGi component does, on a simulated machine. It lies in the kernel's package because
 * nothing of that is public. All methods are for threads of that machine.
 */
public final class SimulatedKernel {
    /** Less often than in a node, where it is every 50 ms: most steps would be looks at the clock. */
    private static final long TICK_NANOS = 200_000_000;

    private final SimMachine machine;
    private final Services services = new Services();
    private final Node node;

    /** @param printed told what processes and the kernel print */
    public SimulatedKernel(String name, SimMachine machine, StateStore store, FileStore files, GuestRuntime runtime,
                           Consumer<Printout> printed) {
        this.machine = machine;
        Clock clock = new Clock(machine);
        Printer printer = new Printer(clock);
        printer.add(printed::accept);
        services.stores().add(store, 0);
        services.files().add(files, 0);
        services.runtimes().add(runtime, 0);
        ExecutorService calls = machine.workers("call");
        node = new Node(name, new Machine(clock, () -> machine.random().nextLong(), new Threads(machine), calls,
                machine.workers("command"), machine.workers("work"), new NodeHeap(Long.MAX_VALUE)), services, printer, by -> { });
        node.guests().expectBoot();
    }

    /** Brings back the processes of the last run; from then on time passes for it. */
    public void boot() {
        machine.start("kernel-clock", () -> {
            while (true) {
                machine.park(TICK_NANOS);
                node.tick();
            }
        });
        node.guests().boot();
    }

    public Kernel kernel() {
        return node;
    }

    /** @param properties of its service */
    public void arrive(ProcessId id, SystemProcess process, Map<String, Object> properties) {
        node.arrive(id, process, properties);
    }

    /** Makes a process and runs it; one that is there already, from an earlier run of the node, goes on. */
    public void make(ProcessId id, String handle, byte[] component, OnExit onExit, boolean isPublic, List<SignedCapability> given) {
        if (node.slots().get(id) != null) {
            return;
        }
        try {
            node.guests().initialize(new Definition(id, handle, Optional.of(1L), onExit, List.of(), isPublic), component, given);
            node.guests().run(id);
        } catch (CommandRefused e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Ends a process for good. */
    public void kill(ProcessId id) {
        try {
            node.guests().kill(id);
        } catch (CommandRefused e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Ends all guests in order, as a node does that is told to stop. */
    public void stop(Duration patience) {
        node.stop(patience);
    }

    private record Clock(SimMachine machine) implements NodeClock {
        @Override
        public long nanos() {
            return machine.nanos();
        }

        @Override
        public Instant now() {
            return machine.now();
        }

        @Override
        public void park(Object blocker, long nanos) {
            machine.park(nanos);
        }

        @Override
        public boolean await(Object monitor, BooleanSupplier condition, long nanos) {
            return machine.await(monitor, condition, nanos);
        }
    }

    private record Threads(SimMachine machine) implements GuestThreads {
        @Override
        public Thread start(String name, Runnable work) {
            return machine.start(name, work);
        }

        @Override
        public void giveWay() {
            Thread.yield();
        }
    }
}
