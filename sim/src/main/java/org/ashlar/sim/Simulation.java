package org.ashlar.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Many nodes in one thread: the kernel and the network of real ones, on machines, wires, disks and clocks that are simulated.
 * Everything that chance decides, and there is much of it, it decides from one seed: the same seed gives the same run, to the last step.
 * Time passes when nothing is left to do at a moment, so that an hour takes a second.
 * <p>
 * After every step it is checked that no message was invented, doubled or overtaken by a later one, that no Request was answered
 * twice or never ends, and that no capability is forged; {@link #run} throws a {@link Violation} when one of these is broken.
 * <p>
 * Not for several threads: make, run and look at it on one. Different simulations may run at the same time, each on its own.
 */
public final class Simulation implements AutoCloseable {
    /** Most nodes of one simulation. */
    public static final int MAX_NODES = 1_000;
    private static final Duration SETTLING = Duration.ofMinutes(1);
    /** Pieces of work in one call after which it is taken for one that never ends. */
    private static final long STUCK = 20_000_000;

    private final long seed;
    private final Trace trace = new Trace();
    private final Loop loop;
    private final Invariants invariants;
    private final Wires wires;
    private final Chaos chaos;
    private final List<SimNode> nodes = new ArrayList<>();

    private Simulation(long seed, Faults faults) {
        this.seed = seed;
        loop = new Loop(random("loop"));
        invariants = new Invariants(loop, trace);
        wires = new Wires(loop, random("wires"), invariants, faults);
        chaos = new Chaos(this, random("chaos"), faults);
    }

    /** One in which nothing goes wrong. */
    public static Simulation of(long seed) {
        return of(seed, Faults.NONE);
    }

    public static Simulation of(long seed, Faults faults) {
        return new Simulation(seed, faults);
    }

    /** A source of chance of its own for each purpose: what one draws more changes nothing for the others. */
    public Random random(String purpose) {
        return new Random(seed * 0x9e3779b97f4a7c15L + purpose.hashCode());
    }

    Loop loop() {
        return loop;
    }

    Invariants invariants() {
        return invariants;
    }

    Wires wires() {
        return wires;
    }

    /** The nodes, in the order in which they were made. */
    public List<SimNode> nodes() {
        return List.copyOf(nodes);
    }

    /** Makes a node, starts it, and lets time pass until it is up. All nodes of a simulation know each other. @param name such as {@code alice.os} */
    public SimNode node(String name) {
        if (nodes.size() >= MAX_NODES) {
            throw new IllegalStateException("a simulation has at most " + MAX_NODES + " nodes");
        }
        SimNode made = new SimNode(this, name, nodes.size() + 1, chaos.skew());
        for (SimNode each : nodes) {
            each.meets(made);
            made.meets(each);
        }
        nodes.add(made);
        made.start();
        settle(() -> made.isBooted() || !made.isUp());
        return made;
    }

    /** Lets time pass until what was begun is over. */
    void settle(BooleanSupplier condition) {
        runUntil("that it settles", condition, SETTLING);
    }

    /** Lets that much time pass. @throws Violation as soon as something is wrong */
    public void run(Duration time) {
        run(() -> false, time);
    }

    /** Lets time pass until {@code condition}, which is looked at after every step. @throws Violation when that takes longer than {@code atMost} */
    public void runUntil(String what, BooleanSupplier condition, Duration atMost) {
        if (!run(condition, atMost)) {
            throw told(new Violation("not within " + atMost + ": " + what, null));
        }
    }

    private boolean run(BooleanSupplier condition, Duration time) {
        long end = loop.now() + time.toNanos();
        long before = loop.steps();
        try {
            while (!condition.getAsBoolean()) {
                boolean more = loop.step(end);
                invariants.check();
                trace.add(loop.now());
                if (!more) {
                    return condition.getAsBoolean();
                }
                if (loop.steps() - before > STUCK) {
                    throw new Violation("it goes on without end: " + STUCK + " steps", null);
                }
            }
            return true;
        } catch (Violation e) {
            throw told(e);
        }
    }

    private Violation told(Violation e) {
        return new Violation(e.getMessage() + "\nseed " + seed + ", after " + time() + ", step " + loop.steps() + "; what came before:\n"
                + trace.lines(), e);
    }

    /** From now on that goes wrong. Skew counts for nodes that are made or started afterwards. */
    public void faults(Faults faults) {
        chaos.faults(faults);
        wires.faults(faults);
    }

    /** Ends all faults: whoever is down starts, and all reach each other. */
    public void calm() {
        faults(Faults.NONE);
        heal();
        nodes.stream().filter(node -> !node.isUp()).forEach(SimNode::start);
    }

    /** Cuts {@code group} off from all other nodes, until {@link #heal} or the next of these. */
    public void partition(SimNode... group) {
        invariants.note("partition " + names(group));
        wires.partition(Arrays.stream(group).map(SimNode::host).collect(Collectors.toSet()));
    }

    private static String names(SimNode... group) {
        return String.join(" ", Arrays.stream(group).map(SimNode::name).toList());
    }

    /** All nodes reach each other again. */
    public void heal() {
        partition();
    }

    /** How much time has passed. */
    public Duration time() {
        return Duration.ofNanos(loop.now());
    }

    /** How many pieces of work were done. */
    public long steps() {
        return loop.steps();
    }

    /** A number made of all that has happened, step by step: the same for the same seed and the same code. */
    public String hash() {
        return trace.hash();
    }

    /** Requests that processes sent, received, had answered, and that ended as send errors. */
    public Tally tally() {
        return invariants.counts();
    }

    /** Requests of processes that are still there which have not ended yet. */
    public long open() {
        return invariants.expectations().openCount();
    }

    void printed(SimNode node, String line) {
        invariants.note("print " + node.name() + " " + line);
    }

    /** What happened, in numbers. */
    public record Tally(long sent, long received, long answered, long failed) { }

    /** Ends everything. */
    @Override
    public void close() {
        nodes.forEach(SimNode::drop);
        wires.life().end();
    }
}
