package org.ashlar.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.ashlar.api.net.Link;

/**
 * The network between all nodes: who listens where, which packets arrive and when, who is cut off from whom. Packets are lost,
 * take their time and overtake each other; {@link Cable} makes connections of them, as TCP does.
 */
final class Wires {
    private final Loop loop;
    private final Random chance;
    private final Invariants invariants;
    private final Life life = new Life();
    private final Map<InetSocketAddress, Door> doors = new HashMap<>();
    /** By host: the machine that is there, its last one when it has crashed. */
    private final Map<String, SimMachine> hosts = new HashMap<>();
    private final Set<String> cutOff = new HashSet<>();
    private final Set<Cable> cables = new LinkedHashSet<>();
    private Faults faults;
    private int cablesMade;

    record Door(SimMachine machine, Consumer<Link> accepted) { }

    Wires(Loop loop, Random chance, Invariants invariants, Faults faults) {
        this.loop = loop;
        this.chance = chance;
        this.invariants = invariants;
        this.faults = faults;
    }

    Loop loop() {
        return loop;
    }

    Life life() {
        return life;
    }

    Random chance() {
        return chance;
    }

    void faults(Faults now) {
        faults = now;
    }

    void plug(String host, SimMachine machine) {
        hosts.put(host, machine);
    }

    boolean isUp(String host) {
        return hosts.containsKey(host) && !hosts.get(host).life().isOver();
    }

    /** Whether something listens there, and if so who. */
    Optional<Door> door(InetSocketAddress at) {
        return Optional.ofNullable(doors.get(at)).filter(door -> !door.machine().life().isOver());
    }

    void listen(InetSocketAddress at, Door door) throws IOException {
        if (door(at).isPresent()) {
            throw new IOException(at + " is taken");
        }
        doors.put(at, door);
    }

    void close(InetSocketAddress at) {
        doors.remove(at);
    }

    /** Cuts these off from all others. */
    void partition(Set<String> group) {
        cutOff.clear();
        cutOff.addAll(group);
    }

    private boolean isCut(String one, String other) {
        return cutOff.contains(one) != cutOff.contains(other);
    }

    /** Whether a packet that is sent now is lost. */
    boolean isLost(String from, String to) {
        return isCut(from, to) || chance.nextDouble() < faults.loss();
    }

    /** How long a packet is on its way. */
    long delay() {
        long min = faults.minDelay().toNanos();
        return min + (long) (chance.nextDouble() * (faults.maxDelay().toNanos() - min));
    }

    Cable cable(String from, String to) {
        Cable cable = new Cable(this, from, to, ++cablesMade);
        cables.add(cable);
        return cable;
    }

    void forget(Cable cable) {
        cables.remove(cable);
    }

    /** Breaks some connection, as when a router between forgets it. */
    void breakOne() {
        if (!cables.isEmpty()) {
            List<Cable> all = new ArrayList<>(cables);
            all.get(chance.nextInt(all.size())).cut();
        }
    }

    /** The machine at {@code host} has gone. @param silently its connections just stop; else its system ends them */
    void crashed(String host, boolean silently) {
        new ArrayList<>(cables).forEach(cable -> cable.crashed(host, silently));
    }

    Violation broken(String what) {
        return invariants.broken(what);
    }

    void note(String what) {
        invariants.note(what);
    }
}
