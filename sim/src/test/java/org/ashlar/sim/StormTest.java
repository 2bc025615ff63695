package org.ashlar.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Seeds, some each time, as many as one likes with {@code -Dashlar.sim.seeds} and {@code -Dashlar.sim.first}; the same run for the same seed, wherever. */
class StormTest {
    private static final boolean ALL = Boolean.getBoolean("ashlar.all");
    private static final int SEEDS = Integer.getInteger("ashlar.sim.seeds", ALL ? 1000 : 5);
    private static final long FIRST = Long.getLong("ashlar.sim.first", 1);
    private static final int AGAIN = ALL ? 20 : 2;
    private static final int LARGE = 200;
    private static final int LARGE_SEEDS = 10;

    @Test
    void whateverHappensNoMessageIsInventedDoubledOrOvertakenAndEveryRequestEnds() throws Exception {
        Storm.run(0); // so that no two have to load the same class at the same time
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<String>> all = new ArrayList<>();
            LongStream.range(FIRST, FIRST + SEEDS).forEach(seed -> all.add(two.submit(() -> Storm.run(seed))));
            for (Future<String> each : all) {
                each.get();
            }
        }
    }

    @Test
    void aSeedGivesTheSameRunInAnotherJvm() throws Exception {
        String here = LongStream.rangeClosed(1, AGAIN).mapToObj(seed -> seed + " " + Storm.run(seed)).collect(Collectors.joining("\n"));
        assertEquals(here, inAnotherJvm());
    }

    private static String inAnotherJvm() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), Storm.class.getName(), "1", String.valueOf(AGAIN + 1))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, other.waitFor());
        return printed;
    }

    @Test
    @EnabledIfSystemProperty(named = "ashlar.all", matches = "true")
    void soItIsWithTwoHundredNodes() throws Exception {
        Storm.run(0);
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<String>> all = new ArrayList<>();
            LongStream.rangeClosed(1, LARGE_SEEDS).forEach(seed ->
                    all.add(two.submit(() -> Storm.run(seed, LARGE, Faults.SEVERE, Duration.ofMinutes(1)))));
            for (Future<String> each : all) {
                each.get();
            }
        }
    }
}
