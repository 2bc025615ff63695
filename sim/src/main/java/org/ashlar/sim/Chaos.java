package org.ashlar.sim;

import java.util.List;
import java.util.Random;

/** Makes go wrong what {@link Faults} say, at times that chance decides. */
final class Chaos {
    private static final double HOUR_NANOS = 3.6e12;
    private static final long LONGEST_NANOS = 20_000_000_000L;
    private static final double MAX_RATE = 0.001;

    private final Simulation simulation;
    private final Random chance;
    private final Life always = new Life();
    private Life life = new Life();
    private Faults faults;

    Chaos(Simulation simulation, Random chance, Faults faults) {
        this.simulation = simulation;
        this.chance = chance;
        faults(faults);
    }

    void faults(Faults now) {
        faults = now;
        life.end();
        life = new Life();
        often(faults.partitions(), this::partition);
        often(faults.cuts(), () -> simulation.wires().breakOne());
        often(faults.crashes(), this::crash);
    }

    /** How wrong the next clock is. */
    SimMachine.Skew skew() {
        long most = faults.skew().toNanos();
        return most == 0 ? SimMachine.Skew.NONE
                : new SimMachine.Skew((long) ((2 * chance.nextDouble() - 1) * most), 1 + (2 * chance.nextDouble() - 1) * MAX_RATE);
    }

    private void often(double timesAnHour, Runnable what) {
        if (timesAnHour > 0) {
            long wait = (long) (-Math.log(1 - chance.nextDouble()) * HOUR_NANOS / timesAnHour);
            later(wait, () -> {
                what.run();
                often(timesAnHour, what);
            });
        }
    }

    private void later(long nanos, Runnable what) {
        simulation.loop().at(simulation.loop().now() + nanos, life, what);
    }

    private void partition() {
        SimNode[] group = simulation.nodes().stream().filter(node -> chance.nextBoolean()).toArray(SimNode[]::new);
        simulation.partition(group);
        later((long) (chance.nextDouble() * LONGEST_NANOS), simulation::heal);
    }

    private void crash() {
        List<SimNode> up = simulation.nodes().stream().filter(SimNode::isUp).toList();
        if (up.isEmpty()) {
            return;
        }
        SimNode victim = up.get(chance.nextInt(up.size()));
        victim.crash(chance.nextBoolean());
        simulation.loop().at(simulation.loop().now() + (long) (chance.nextDouble() * LONGEST_NANOS), always, () -> {
            if (!victim.isUp()) {
                victim.start();
            }
        });
    }
}
