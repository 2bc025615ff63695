package org.ashlar.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.SendFailedException;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.kernel.SimulatedKernel;
import org.ashlar.net.SimulatedNet;

/** A node of a {@link Simulation}. What it has on disk outlives its crashes; the rest does not. */
public final class SimNode {
    /** In whose name {@link #ask} and {@link #tell} speak. */
    public static final ProcessId TESTER = ProcessId.parse("tester:sim:sys");
    private static final int PORT = 10_000;
    private static final int HOSTS = 250;

    private final Simulation simulation;
    private final SimIdentity identity;
    private final String host;
    private final SimMachine.Skew skew;
    private final SimDisk disk = new SimDisk();
    private final SimBook book = new SimBook();
    private final Map<String, Script> scripts = new TreeMap<>();
    /** Those that are still to be made. */
    private final Map<ProcessId, Guest> wanted = new LinkedHashMap<>();
    private final Random random;
    private final List<String> printed = new ArrayList<>();
    private int runs;
    private Optional<Run> run = Optional.empty();
    /** The machine on which it has come up. */
    private Optional<SimMachine> booted = Optional.empty();

    private record Run(SimMachine machine, SimulatedKernel kernel) { }

    SimNode(Simulation simulation, String name, int number, SimMachine.Skew skew) {
        this.simulation = simulation;
        this.skew = skew;
        random = simulation.random("node " + name);
        identity = SimIdentity.of(name, random);
        host = "10.0." + number / HOSTS + "." + (1 + number % HOSTS);
    }

    public String name() {
        return identity.name();
    }

    String host() {
        return host;
    }

    private NodeCard card() {
        return new NodeCard(name(), identity.publicKey(), List.of(new NodeAddress("tcp", host, PORT)), List.of());
    }

    void meets(SimNode other) {
        book.put(other.card());
    }

    public boolean isUp() {
        return run.isPresent();
    }

    /** Starts it, with what is on its disk. Does nothing when it is up. */
    public void start() {
        if (isUp()) {
            return;
        }
        SimMachine machine = new SimMachine(simulation.loop(), new Life(), random, skew,
                (thread, why) -> simulation.invariants().ended(name() + " " + thread, why));
        simulation.invariants().note("start " + name() + " " + ++runs);
        simulation.invariants().expectations().started(name());
        simulation.wires().plug(host, machine);
        SimulatedKernel kernel = new SimulatedKernel(name(), machine, disk.of(machine), new SimFiles(),
                new ScriptRuntime(scripts, simulation.invariants(), machine), line -> print(line.text()));
        run = Optional.of(new Run(machine, kernel));
        machine.start("boot", () -> boot(machine, kernel));
    }

    private void boot(SimMachine machine, SimulatedKernel kernel) {
        kernel.arrive(TESTER, (request, reply) -> { }, Map.of(SystemProcess.PUBLIC, true, SystemProcess.NETWORK, true));
        kernel.arrive(SimTimer.ID, new SimTimer(machine), Map.of(SystemProcess.PUBLIC, true));
        SimulatedNet net = new SimulatedNet(machine, identity, host, book, new SimTransport(simulation.wires(), machine, host),
                kernel.kernel(), line -> print(line.text()));
        kernel.arrive(ProcessId.parse("net:distro:sys"), net.process(), Map.of(SystemProcess.NETWORK, true));
        kernel.boot();
        booted = Optional.of(machine);
        List.copyOf(wanted.values()).forEach(guest -> make(kernel, guest));
    }

    boolean isBooted() {
        return run.filter(now -> booted.filter(machine -> machine == now.machine()).isPresent()).isPresent();
    }

    private void print(String text) {
        printed.add(text);
        simulation.printed(this, text);
    }

    /** All lines that its kernel and processes printed. */
    public List<String> printed() {
        return List.copyOf(printed);
    }

    /** Makes a process and runs it; when the node is down, as soon as it is up again. Time passes meanwhile. @return its address */
    public Address guest(Guest guest) {
        Address address = new Address(name(), guest.id());
        scripts.put(SimFiles.handle(guest), guest.script());
        simulation.invariants().has(address, given(guest));
        wanted.put(guest.id(), guest);
        run.filter(now -> isBooted()).ifPresent(now -> now.machine().start("make", () -> make(now.kernel(), guest)));
        simulation.settle(() -> !isUp() || !wanted.containsKey(guest.id()));
        return address;
    }

    private List<Capability> given(Guest guest) {
        List<Capability> all = new ArrayList<>(guest.given());
        if (guest.isNetworked()) {
            all.add(new Capability(new Address(name(), ProcessId.parse("kernel:distro:sys")), Capability.NETWORK));
        }
        return all;
    }

    private void make(SimulatedKernel kernel, Guest guest) {
        String handle = SimFiles.handle(guest);
        kernel.make(guest.id(), handle, SimFiles.component(handle), guest.onExit(), guest.isPublic(),
                given(guest).stream().map(SignedCapability::unsigned).toList());
        wanted.remove(guest.id());
    }

    /** Asks a process of any node; what becomes of it is seen when the simulation has run for a while. */
    public Pending ask(Address target, Request request) {
        Pending pending = new Pending();
        Run now = run.orElseThrow(() -> new IllegalStateException(name() + " is down"));
        Invariants invariants = simulation.invariants();
        Address self = new Address(name(), TESTER);
        now.machine().start("ask", () -> {
            invariants.watch(self);
            invariants.sent(self, target, request);
            long token = invariants.expects(self, target, request, TimeUnit.SECONDS.toNanos(request.expectsResponse().orElse(0)),
                    new Asking(now.machine()));
            now.kernel().kernel().ask(TESTER, target, request, Optional.empty()).whenComplete((answer, failure) -> {
                if (answer != null) {
                    invariants.answered(token, answer.source(), answer.response());
                } else {
                    invariants.failed(token, failure instanceof SendFailedException e ? e.error().kind().toString() : failure.toString());
                }
                pending.ended(answer, failure);
            });
        });
        return pending;
    }

    public Pending ask(Address target, String body, int seconds) {
        return ask(target, Request.of(body).expecting(seconds));
    }

    /** Sends what wants no answer. */
    public void tell(Address target, String body) {
        Run now = run.orElseThrow(() -> new IllegalStateException(name() + " is down"));
        now.machine().start("tell", () -> {
            Request request = Request.of(body);
            simulation.invariants().sent(new Address(name(), TESTER), target, request);
            now.kernel().kernel().tell(TESTER, target, request, Optional.empty());
        });
    }

    private record Asking(SimMachine machine) implements Expectations.Sender {
        /** It does nothing but wait. */
        @Override
        public long waitingSince(long token) {
            return 0;
        }

        @Override
        public boolean isGone() {
            return machine.life().isOver();
        }
    }

    /** Kills a process for good. */
    public void kill(ProcessId id) {
        run.ifPresent(now -> now.machine().start("kill", () -> now.kernel().kill(id)));
    }

    /** Ends it in the middle of whatever it does. @param silently as by a power cut; else others hear at once that its connections ended */
    public void crash(boolean silently) {
        run.ifPresent(now -> {
            simulation.invariants().note("crash " + name() + (silently ? " silently" : ""));
            drop();
            simulation.wires().crashed(host, silently);
            simulation.invariants().expectations().crashed(name());
        });
    }

    void drop() {
        run.ifPresent(now -> now.machine().life().end());
        run = Optional.empty();
    }

    /** What was asked, and what became of it. */
    public static final class Pending {
        private Optional<Answer> answer = Optional.empty();
        private Optional<Throwable> failure = Optional.empty();

        private void ended(Answer with, Throwable why) {
            answer = Optional.ofNullable(with);
            failure = Optional.ofNullable(why);
        }

        public boolean isDone() {
            return answer.isPresent() || failure.isPresent();
        }

        /** The body of the answer, if there was one. */
        public Optional<String> text() {
            return answer.map(given -> new String(given.response().body(), StandardCharsets.UTF_8));
        }

        public Optional<Answer> answer() {
            return answer;
        }

        /** Why it was not answered; empty as long as it may be. */
        public Optional<Throwable> failure() {
            return failure;
        }
    }
}
