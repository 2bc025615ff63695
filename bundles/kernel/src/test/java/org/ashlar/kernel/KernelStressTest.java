package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.SERVICE;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guests and a system process that do anything, while everything is killed, replaced and swapped at random. The random
 * choices follow {@code -Dstress.seed}; how the threads interleave does not.
 */
@Timeout(90)
class KernelStressTest {
    private static final int GUESTS = 10;
    private static final int ASKED_AT_ONCE = 1_000;
    private static final Duration UNREST = Duration.ofMillis(Integer.getInteger("stress.millis", 5_000));
    private static final long SEED = Long.getLong("stress.seed", 20_240_917L);

    private final TestNode node = new TestNode();
    private final List<ProcessId> guests = new ArrayList<>();
    private final Set<Slot> slots = ConcurrentHashMap.newKeySet();
    private final Queue<AtomicInteger> ends = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private volatile long until;
    private final AtomicLong seeds = new AtomicLong(SEED);
    private StressActors actors;
    private ScriptedRuntime runtime = node.runtime;
    private Service service;

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void whateverHappensEveryRequestEndsOnceInOrderAndNothingIsLeftOver() throws Exception {
        start();
        until = System.nanoTime() + UNREST.toNanos(); // only now: on a busy machine the start takes long
        try (ExecutorService unrest = Executors.newFixedThreadPool(4)) {
            for (Step step : List.<Step>of(this::disturbGuest, this::swapService, this::swapRuntime)) {
                repeat(unrest, step);
            }
            Semaphore free = new Semaphore(ASKED_AT_ONCE);
            repeat(unrest, random -> ask(random, free));
        }
        assertEquals(List.of(), List.copyOf(errors));
        // All deadlines and restarts come at once.
        node.time.pass(Duration.ofMinutes(20));
        service.answerAll();
        TestNode.await("all Requests ended (seed " + SEED + ")", () -> ends.stream().allMatch(each -> each.get() > 0));
        slots.addAll(node.node.slots().all());
        awaitNothingLeftOver();
        assertEquals(List.of(), List.copyOf(actors.faults));
        assertTrue(ends.stream().allMatch(each -> each.get() == 1), "some Request ended twice");
        assertTrue(actors.deliveries.get() > 200, "something happened: " + actors.deliveries);
        node.node.slots().all().forEach(this::holdsOnlyWhatItMay);
        for (ProcessId id : guests) {
            node.node.guests().kill(id);
        }
        TestNode.await("what the guests kept is given back (seed " + SEED + ")", () -> node.node.heap().taken() == 0);
    }

    private void start() {
        List<Address> targets = new ArrayList<>(List.of(node.address(SERVICE), node.address(ProcessId.parse("no:test:sys"))));
        for (int i = 0; i < GUESTS; i++) {
            guests.add(ProcessId.of("guest-" + i, TestNode.TESTER.packageId()));
            targets.add(node.address(guests.getLast()));
        }
        actors = new StressActors(node, targets, node.node.address(), SEED);
        service = new Service(seeds.incrementAndGet());
        node.node.arrive(SERVICE, service, TestNode.PUBLIC);
        guests.forEach(id -> make(id, OnExit.RESTART));
    }

    private void make(ProcessId id, OnExit onExit) {
        try {
            node.node.guests().initialize(node.definition(id, onExit, true),
                    node.runtime.script("actor", actors::run), List.of());
            node.node.guests().run(id);
            node.node.slots().guest(id).ifPresent(slots::add);
        } catch (CommandRefused e) {
            // killed between the two, or made twice
        }
    }

    private interface Step {
        void take(Random random) throws Exception;
    }

    private void repeat(ExecutorService threads, Step step) {
        Random random = new Random(seeds.incrementAndGet());
        threads.execute(() -> {
            try {
                while (System.nanoTime() < until) {
                    step.take(random);
                }
            } catch (Exception | Error e) {
                errors.add(e);
            }
        });
    }

    private void ask(Random random, Semaphore free) throws InterruptedException {
        if (!free.tryAcquire(10, TimeUnit.MILLISECONDS)) {
            return;
        }
        AtomicInteger count = new AtomicInteger();
        ends.add(count);
        Address target = node.address(random.nextInt(8) == 0 ? SERVICE : guests.get(random.nextInt(GUESTS)));
        node.node.outbox().post(node.node.slots().get(TestNode.TESTER), target,
                Request.of(Integer.toString(random.nextInt(6))).expecting(1 + random.nextInt(4)), Optional.empty(), end -> {
                    count.incrementAndGet();
                    free.release();
                });
    }

    private void disturbGuest(Random random) throws Exception {
        Thread.sleep(random.nextInt(30));
        ProcessId id = guests.get(random.nextInt(GUESTS));
        Optional<GuestSlot> slot = node.node.slots().guest(id);
        switch (random.nextInt(6)) {
            case 0, 1 -> node.node.guests().kill(id);
            case 2 -> {
                try {
                    node.node.guests().replace(node.definition(id, OnExit.RESTART, true),
                            node.runtime.script("actor", actors::run), List.of());
                } catch (CommandRefused e) {
                    // there was none, or it ended
                }
            }
            case 3 -> slot.ifPresent(each -> node.node.guests().setOnExit(each, farewell()));
            default -> slot.ifPresent(each -> node.node.guests().setOnExit(each, OnExit.RESTART));
        }
        make(id, OnExit.RESTART);
    }

    private OnExit farewell() {
        return new OnExit.Requests(List.of(new OnExit.Parting(node.address(guests.getFirst()), Request.of("0"),
                Optional.empty())));
    }

    private void swapService(Random random) throws Exception {
        Thread.sleep(random.nextInt(300));
        Service next = new Service(seeds.incrementAndGet());
        Service old = service;
        if (random.nextBoolean()) {
            node.node.arrive(SERVICE, next, TestNode.PUBLIC);
            node.node.depart(SERVICE, old);
        } else {
            node.node.depart(SERVICE, old);
            Thread.sleep(random.nextInt(20));
            node.node.arrive(SERVICE, next, TestNode.PUBLIC);
        }
        service = next;
        old.leave();
    }

    private void swapRuntime(Random random) throws Exception {
        Thread.sleep(500 + random.nextInt(500));
        ScriptedRuntime old = runtime;
        runtime = old.successor();
        node.runtimes.add(runtime, 0);
        old.leave();
        node.runtimes.remove(old);
        node.node.guests().roll(loaded -> loaded.runtime() == old);
        node.node.guests().revive();
    }

    private void awaitNothingLeftOver() {
        try {
            TestNode.await("nothing is left over", () -> {
                node.time.pass(Duration.ofSeconds(5));
                return slots.stream().allMatch(slot -> leftOver(slot).isEmpty());
            });
        } catch (AssertionError e) {
            throw new AssertionError("left over with seed " + SEED + ": " + slots.stream().map(this::leftOver)
                    .flatMap(Optional::stream).toList(), e);
        }
    }

    private Optional<String> leftOver(Slot slot) {
        boolean clean = slot.outstanding().size() == 0 && slot.mailbox().messages() == 0 && slot.mailbox().bytes() == 0
                && (slot.isClosed() || !(slot instanceof GuestSlot guest) || guest.reserved().requests() == 0);
        return clean ? Optional.empty() : Optional.of(slot.id() + " closed=" + slot.isClosed() + " open="
                + slot.outstanding().size() + " messages=" + slot.mailbox().messages() + " bytes=" + slot.mailbox().bytes());
    }

    /** Messaging to itself, and what another guest attached: messaging to that one. */
    private void holdsOnlyWhatItMay(Slot slot) {
        for (SignedCapability held : node.node.capabilities().of(slot.id())) {
            ProcessId issuer = held.capability().issuer().process();
            assertTrue(guests.contains(issuer) && node.node.slots().get(issuer) != null,
                    slot.id() + " holds " + held.capability());
        }
    }

    /** Answers at once or later, hands back when it leaves, forgets, throws. */
    private static final class Service implements SystemProcess {
        private final Queue<Reply> kept = new ConcurrentLinkedQueue<>();
        private final Random random;
        private volatile boolean leaving;

        Service(long seed) {
            random = new Random(seed);
        }

        @Override
        public void handle(Envelope request, Reply reply) {
            int what = random.nextInt(12);
            if (text(request.message().body()).startsWith("n:") || what == 0) {
                return;
            }
            if (what == 1) {
                throw new IllegalStateException("at random");
            } else if (what < 5) {
                kept.add(reply);
                if (leaving) {
                    leave();
                }
            } else {
                reply.respond(Response.of("served"));
                answerAll();
            }
        }

        void answerAll() {
            for (Reply reply = kept.poll(); reply != null; reply = kept.poll()) {
                reply.respond(Response.of("served later"));
            }
        }

        void leave() {
            leaving = true;
            for (Reply reply = kept.poll(); reply != null; reply = kept.poll()) {
                reply.handBack();
            }
        }
    }
}
