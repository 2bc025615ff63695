package org.ashlar.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.codec.TimerAction;

/** Nodes whose processes talk to each other at random, through whatever happens; then it gets calm, and all must answer. */
final class Storm {
    static final String ECHO = "echo:storm:sim.os";
    private static final Address TIMER = Address.parse("our@timer:distro:sys");
    private static final byte[] TICK = "tick".getBytes(UTF_8);
    private static final int TALKERS = 1;
    /** To how many nodes, its own among them, one talks. */
    private static final int NEIGHBOURS = 8;
    /** How long all may take to find each other again, and to see whom crashes left waiting. */
    private static final Duration QUIET = Duration.ofSeconds(100);
    /** How long one may wait for an answer, in seconds. */
    private static final int[] PATIENCE = {1, 5, 30, 600};

    private final Simulation simulation;
    private final List<Address> echoes = new ArrayList<>();
    private final long seed;
    private boolean over;
    private long said;

    private Storm(Simulation simulation, long seed) {
        this.simulation = simulation;
        this.seed = seed;
    }

    /**
     * Runs one.
     *
     * @param nodes  how many
     * @param storm  how long faults go on
     * @return what happened, as text: the same whenever and wherever it is run
     */
    static String run(long seed, int nodes, Faults faults, Duration storm) {
        try (Simulation simulation = Simulation.of(seed, faults)) {
            new Storm(simulation, seed).run(nodes, storm);
            return simulation.hash() + " " + simulation.tally() + " " + simulation.steps() + " steps";
        }
    }

    /** As much of everything as the seed says. */
    static String run(long seed) {
        Random chance = new Random(seed);
        Faults severe = Faults.SEVERE;
        Faults faults = new Faults(severe.loss() * chance.nextDouble(), severe.minDelay(), severe.maxDelay(),
                chance.nextBoolean() ? severe.partitions() : 0, chance.nextBoolean() ? severe.cuts() : 0,
                chance.nextBoolean() ? severe.crashes() : 0, chance.nextBoolean() ? severe.skew() : Duration.ZERO);
        return run(seed, 5 + chance.nextInt(6), faults, Duration.ofMinutes(1));
    }

    /** For {@link Mutant}, in its own class loader: few nodes, and many crashes. */
    static String mutated(long seed) {
        return run(seed, 4, new Faults(0.02, Duration.ofMillis(1), Duration.ofMillis(50), 0, 60, 600, Duration.ZERO), Duration.ofMinutes(1));
    }

    private void run(int count, Duration storm) {
        for (int i = 0; i < count; i++) {
            SimNode node = simulation.node("n" + i + ".os");
            echoes.add(node.guest(Guest.of(ECHO, echo(node.name()))));
            for (int k = 0; k < TALKERS; k++) {
                node.guest(Guest.of("talker-" + k + ":storm:sim.os", talker(node.name() + k, i)));
            }
        }
        simulation.run(storm);
        over = true;
        simulation.calm();
        simulation.run(QUIET);
        everybodyAnswers();
    }

    /** Within two tries: the first may go to a node that was started anew, which only then is noticed. */
    private void everybodyAnswers() {
        ask(asking -> { });
        ask(asking -> asking.failure().ifPresent(why -> {
            throw new Violation("in a good network a Request was not answered: " + why + "; seed " + seed, why);
        }));
    }

    private void ask(Consumer<SimNode.Pending> then) {
        List<SimNode> nodes = simulation.nodes();
        List<SimNode.Pending> asked = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (int k = 1; k <= Math.min(3, nodes.size() - 1); k++) {
                asked.add(nodes.get(i).ask(echoes.get((i + k) % nodes.size()), "calm " + ++said, 60));
            }
        }
        simulation.runUntil("all answers", () -> asked.stream().allMatch(SimNode.Pending::isDone), Duration.ofSeconds(70));
        asked.forEach(then);
    }

    /** Answers, mostly; and sometimes traps, or keeps something. */
    private Script echo(String name) {
        Random chance = simulation.random("echo " + name);
        return host -> {
            while (true) {
                if (host.receive() instanceof Delivery.Received(Address source, Request request, Optional<byte[]> context)) {
                    String body = new String(request.body(), UTF_8);
                    boolean calm = body.startsWith("calm");
                    int what = calm ? 50 : chance.nextInt(100);
                    if (what == 0 && chance.nextInt(5) == 0) {
                        throw new GuestTrap("it just does");
                    }
                    if (what < 5) {
                        host.setState(request.body());
                    }
                    if (what < 20) {
                        host.saveCapabilities(request.capabilities().stream().map(SignedCapability::capability).toList());
                        host.capabilities();
                    }
                    if (what >= 5) {
                        host.respond(Response.of("re " + body), Optional.empty());
                    }
                }
            }
        };
    }

    private Script talker(String name, int at) {
        Random chance = simulation.random("talker " + name);
        return host -> {
            nap(host, chance);
            while (true) {
                Delivery delivery = host.receive();
                if (!over && delivery.context().filter(context -> context.length == TICK.length).isPresent()) {
                    int burst = 1 + chance.nextInt(6);
                    for (int i = 0; i < burst; i++) {
                        say(host, chance, name, at);
                    }
                    nap(host, chance);
                }
            }
        };
    }

    private static void nap(GuestHost host, Random chance) {
        long millis = 200 + chance.nextInt(4_000);
        Request request = Request.of(new TimerAction.SetTimer(millis).encode()).expecting(TimeUnit.MILLISECONDS.toSeconds(millis) + 30);
        host.send(new GuestHost.Outgoing(TIMER, request, Optional.of(TICK), Optional.empty()));
    }

    private void say(GuestHost host, Random chance, String name, int at) {
        Address target = echoes.get((at + chance.nextInt(Math.min(NEIGHBOURS, echoes.size()))) % echoes.size());
        Request plain = Request.of(name + " " + ++said + "x".repeat(chance.nextInt(10) == 0 ? 5_000 : 0));
        Request request = chance.nextInt(4) > 0 ? plain : plain.withCapabilities(List.of(
                SignedCapability.unsigned(new Capability(host.our(), "\"mine\"")),
                SignedCapability.unsigned(new Capability(target, "\"stolen\"")),
                SignedCapability.unsigned(new Capability(echoes.getFirst(), "\"root\""))));
        Request expecting = request.expecting(PATIENCE[chance.nextInt(PATIENCE.length)]);
        switch (chance.nextInt(4)) {
            case 0 -> host.send(new GuestHost.Outgoing(target, request, Optional.empty(), Optional.empty()));
            case 1 -> host.sendAndAwait(target, request.expecting(5), Optional.empty());
            default -> host.send(new GuestHost.Outgoing(target, expecting, Optional.empty(), Optional.empty()));
        }
    }

    /** Prints the outcomes of seeds. @param args the first of them, and the first that is not; how many nodes, if not as the seed says */
    public static void main(String[] args) {
        for (long seed = Long.parseLong(args[0]); seed < Long.parseLong(args[1]); seed++) {
            System.out.println(seed + " " + (args.length < 3 ? run(seed)
                    : run(seed, Integer.parseInt(args[2]), Faults.SEVERE, Duration.ofMinutes(1))));
        }
    }
}
