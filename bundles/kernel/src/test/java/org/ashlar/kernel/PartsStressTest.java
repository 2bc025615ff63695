package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.kernel.RestlessCounters.Count;
import org.ashlar.kernel.RestlessParts.FailingRuntime;
import org.ashlar.kernel.RestlessParts.Store;
import org.ashlar.kernel.RestlessParts.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guests talk while a timer, the state store and the guest runtime are replaced as often as they can be, each at random, some
 * by one that throws at its first call: no message is lost or doubled, and no state. The random choices follow
 * {@code -Dstress.seed}; how the threads interleave does not. {@code -Dstress.millis} says for how long.
 */
@Timeout(600)
class PartsStressTest {
    private static final int COUNTERS = 12;
    private static final int PACE_MILLIS = 2;
    private static final Duration UNREST = Duration.ofMillis(Integer.getInteger("stress.millis",
            Boolean.getBoolean("ashlar.all") ? 30_000 : 2_000));
    private static final ProcessId TIMER = ProcessId.parse("timer:distro:sys");
    private static final String STOPPED = " did not give way in time and was stopped";

    private final long seed = Long.getLong("stress.seed", System.nanoTime());
    private final Map<String, byte[]> disk = new ConcurrentHashMap<>();
    private final TestNode node = new TestNode();
    private final RestlessCounters counters = new RestlessCounters(node, TIMER, COUNTERS, PACE_MILLIS);
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final AtomicLong bundles = new AtomicLong();
    private final AtomicInteger swaps = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private long until;
    private Timer timer = new Timer(false);
    private Store store = new Store(disk, false);
    private ScriptedRuntime runtime = node.runtime;

    @AfterEach
    void stop() {
        node.close();
        timer.close();
    }

    @Test
    void nothingIsLostOrDoubledHoweverOftenPartsAreReplacedAndFail() throws Exception {
        node.services.watches().add((bundle, why) -> true);
        node.stores.add(store, service());
        node.stores.remove(node.store);
        node.node.arrive(TIMER, timer, service());
        counters.begin();
        TestNode.await("all talk", () -> IntStream.range(0, COUNTERS).allMatch(i -> counts(i).get(Count.ANSWERED) > 0));
        until = System.nanoTime() + UNREST.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Random seeds = new Random(seed);
            for (Step step : List.<Step>of(this::swapTimer, this::swapStore, this::swapRuntime)) {
                Random random = new Random(seeds.nextLong());
                threads.execute(() -> repeat(step, random));
            }
        }
        assertEquals(List.of(), List.copyOf(errors), this::context);
        for (int i = 0; i < COUNTERS; i++) {
            node.tell(counters.id(i), "stop");
        }
        TestNode.await("all come to rest; " + context(), () -> IntStream.range(0, COUNTERS).allMatch(this::rests), this::all);
        Set<String> stopped = stopped();
        for (int i = 0; i < COUNTERS; i++) {
            assertNothingLostOrDoubled(i, stopped);
        }
        assertTrue(stopped.size() < COUNTERS / 2, "so many had to be stopped: " + stopped);
        System.out.println(swaps + " parts replaced, " + failures + " of them by one that fails, while "
                + IntStream.range(0, COUNTERS).mapToLong(i -> counts(i).get(Count.MESSAGES)).sum() + " messages were taken; stopped "
                + stopped + "; seed " + seed);
    }

    private void assertNothingLostOrDoubled(int i, Set<String> stopped) {
        Map<Count, Long> mine = counts(i);
        if (!stopped.contains(counters.id(i).toString())) {
            assertEquals(mine.get(Count.SENT), mine.get(Count.ANSWERED), () -> "answers to c" + i + "; " + all());
            assertEquals(mine.get(Count.TIMERS), mine.get(Count.FIRED), () -> "timers of c" + i + "; " + all());
            assertEquals(mine.get(Count.SENT), counts(i + 1).get(Count.TAKEN), () -> "Requests of c" + i + "; " + all());
        }
        for (Count none : List.of(Count.FAILED, Count.WRONG, Count.ASTRAY, Count.BROKEN)) {
            assertEquals(0, mine.get(none), () -> none + " of c" + i + "; " + all());
        }
    }

    private boolean rests(int i) {
        Map<Count, Long> mine = counts(i);
        boolean rests = mine.get(Count.IDLE) > 0 && mine.get(Count.SENT).equals(mine.get(Count.ANSWERED))
                && mine.get(Count.TIMERS).equals(mine.get(Count.FIRED));
        return rests || stopped().contains(counters.id(i).toString());
    }

    private Map<Count, Long> counts(int i) {
        return RestlessCounters.counts(Optional.ofNullable(disk.get("state " + counters.id(i))));
    }

    private Set<String> stopped() {
        Set<String> stopped = new HashSet<>();
        node.prints.stream().map(line -> line.text()).filter(text -> text.endsWith(STOPPED))
                .forEach(text -> stopped.add(text.substring("process ".length(), text.length() - STOPPED.length())));
        return stopped;
    }

    private String context() {
        return "seed " + seed + ", " + swaps + " swaps";
    }

    private String all() {
        StringBuilder all = new StringBuilder(context());
        for (int i = 0; i < COUNTERS; i++) {
            all.append("\nc").append(i).append(' ').append(counts(i)).append(' ')
                    .append(node.node.slots().guest(counters.id(i)).orElseThrow().status().state());
        }
        node.prints.forEach(line -> all.append('\n').append(line.text()));
        return all.toString();
    }

    private interface Step {
        void take(Random random) throws Exception;
    }

    private void repeat(Step step, Random random) {
        try {
            while (System.nanoTime() < until) {
                step.take(random);
                swaps.incrementAndGet();
            }
        } catch (Exception | Error e) {
            errors.add(e);
        }
    }

    /** Of the service of a part whose bundle was deployed just now. */
    private Map<String, Object> service() {
        return Map.of("service.bundleid", bundles.incrementAndGet(), SystemProcess.PUBLIC, true);
    }

    /** Shorter times are more frequent. */
    private static void pause(Random random, int millis) throws InterruptedException {
        Thread.sleep(0, random.nextInt(1 + random.nextInt(1 + random.nextInt(millis * 1_000))) % 1_000_000);
        Thread.sleep(random.nextInt(1 + random.nextInt(millis)));
    }

    private boolean fails(Random random) {
        boolean fails = random.nextInt(4) == 0;
        failures.addAndGet(fails ? 1 : 0);
        return fails;
    }

    private void swapTimer(Random random) throws Exception {
        pause(random, 8);
        if (fails(random)) {
            replaceTimer(new Timer(true), random);
            pause(random, 3);
        }
        replaceTimer(new Timer(false), random);
    }

    private void replaceTimer(Timer next, Random random) throws InterruptedException {
        boolean beside = random.nextInt(3) == 0;
        if (beside) {
            node.node.arrive(TIMER, next, service());
            pause(random, 3);
        }
        node.node.depart(TIMER, timer);
        timer.close();
        if (!beside) {
            pause(random, 3);
            node.node.arrive(TIMER, next, service());
        }
        timer = next;
    }

    private void swapStore(Random random) throws Exception {
        pause(random, 8);
        if (fails(random)) {
            replaceStore(new Store(disk, true), random);
            pause(random, 3);
        }
        replaceStore(new Store(disk, false), random);
    }

    private void replaceStore(Store next, Random random) throws InterruptedException {
        boolean beside = random.nextInt(3) == 0;
        if (beside) {
            node.stores.add(next, service());
            pause(random, 3);
        }
        node.stores.remove(store);
        store.close();
        if (!beside) {
            pause(random, 3);
            node.stores.add(next, service());
        }
        store = next;
    }

    /** As the kernel does when one comes beside the other, which leaves when guests have had time to move, or before. */
    private void swapRuntime(Random random) throws Exception {
        pause(random, 60);
        ScriptedRuntime old = runtime;
        runtime = old.successor();
        Optional<GuestRuntime> failing = random.nextInt(20) == 0 ? Optional.of(new FailingRuntime(runtime)) : Optional.empty();
        if (failing.isPresent()) {
            failures.incrementAndGet();
            arrive(failing.get());
            pause(random, 10);
        }
        arrive(runtime);
        pause(random, 30);
        old.leave();
        depart(old);
        failing.ifPresent(this::depart);
    }

    private void arrive(GuestRuntime next) {
        node.runtimes.add(next, service());
        node.node.guests().revive();
        node.node.guests().migrate();
    }

    private void depart(GuestRuntime old) {
        Providers.Departure departure = node.runtimes.hide(old);
        node.node.guests().roll(loaded -> loaded.runtime() == old);
        departure.await(Providers.DRAIN);
    }
}
