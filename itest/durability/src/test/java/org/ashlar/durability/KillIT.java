package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ashlar.launcher.Client;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at a random moment while clients set states, spawn and kill processes and update a package; every fourth time
 * while the node is still starting after the last one. {@code -Dashlar.kills} says how often (20 in the tests, 300 in a soak),
 * {@code -Dashlar.seed} takes the moments of another run.
 */
class KillIT {
    private static final int KILLS = Integer.getInteger("ashlar.kills", 20);
    private static final long SEED = Long.getLong("ashlar.seed", System.nanoTime());
    private static final List<String> WRITERS = List.of("one", "two", "three", "four");
    /** A soak, which kills often, has the time for more between two kills. */
    private static final int LONGEST_LOAD_MILLIS = KILLS > 20 ? 2_500 : 1_000;
    private static final int BALLAST = 2_000_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Random random = new Random(SEED);
    private long startMillis;

    @Test
    void everythingAcknowledgedIsThereAfterEveryKill() throws Exception {
        List<String> names = Stream.concat(WRITERS.stream(), Stream.of("parent")).toList();
        ProbePackage first = ProbePackage.write(folder.resolve("first"), "1.0.0", names, BALLAST);
        ProbePackage second = ProbePackage.write(folder.resolve("second"), "2.0.0",
                Stream.concat(names.stream(), Stream.of("extra")).toList(), BALLAST);
        Updater updater = new Updater(first, second, ProbePackage.process("extra"));
        List<Work> all = new ArrayList<>(List.of(updater, new Family(ProbePackage.process("parent"))));
        WRITERS.forEach(name -> all.add(new StateWriter(ProbePackage.process(name), updater::version)));

        try (NodeUnderTest node = new NodeUnderTest(folder, folder.resolve("home"))) {
            node.up();
            node.ok("start", first.folder().toString(), "--yes");
            node.kill();
            for (int kill = 1; kill <= KILLS; kill++) {
                if (kill % 4 == 0) {
                    killWhileStarting(node);
                } else {
                    startAndCheck(node, all, kill);
                    killUnderLoad(node, all, kill % 4 == 1 ? List.of(updater) : all);
                }
            }
            startAndCheck(node, all, KILLS);
        }
        System.out.println(KILLS + " kills; acknowledged were " + acknowledged(all.subList(2, all.size()))
                + " states, " + all.get(1).acknowledged() + " spawns and ends of processes, " + updater.acknowledged()
                + " updates, and all of them were kept; " + updater.cutOff());
    }

    private void startAndCheck(NodeUnderTest node, List<Work> all, int kill) throws Exception {
        long started = System.nanoTime();
        node.up();
        startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        for (Work work : all) {
            try {
                work.check(node);
            } catch (AssertionError e) {
                throw new AssertionError("before kill " + kill + " (-Dashlar.seed=" + SEED + "; the home is "
                        + node.home() + "): " + e.getMessage(), e);
            }
        }
    }

    /** @param awaited of these something is acknowledged before the kill: now and then an update must have been */
    private void killUnderLoad(NodeUnderTest node, List<Work> all, List<? extends Work> awaited) throws Exception {
        long before = acknowledged(awaited);
        try (ExecutorService clients = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<?>> load = new ArrayList<>();
            Client client = node.client();
            all.forEach(work -> load.add(clients.submit(() -> work.goOn(client))));
            Patience.until("something is acknowledged",
                    () -> acknowledged(awaited) > before || load.stream().anyMatch(Future::isDone));
            Thread.sleep(random.nextInt(LONGEST_LOAD_MILLIS));
            node.kill();
            for (Future<?> each : load) {
                each.get();
            }
        }
        assertTrue(acknowledged(awaited) > before, "there was load");
    }

    private static long acknowledged(List<? extends Work> works) {
        return works.stream().mapToLong(Work::acknowledged).sum();
    }

    /** What a start undoes and completes must be as safe as anything else. */
    private void killWhileStarting(NodeUnderTest under) throws Exception {
        Process node = under.command(List.of(), "up", "--foreground").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Thread.sleep(random.nextLong(Math.max(1, startMillis)));
        node.destroyForcibly().waitFor();
    }
}
