package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.SERVICE;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail waits for the grace period where nothing runs, counted from when nothing ran. */
@Timeout(60)
class GraceTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void mailThatWaitedLongForAGuestSurvivesItsCrash() throws Exception {
        ProcessId late = ProcessId.of("late", TestNode.TESTER.packageId());
        node.node.guests().initialize(node.definition(late, OnExit.RESTART, true),
                node.runtime.script("late", Scripts.FRAGILE), List.of());
        node.asking(late, "trap", 300);
        CompletableFuture<Answer> waiting = node.asking(late, "hello", 300);
        node.time.pass(Providers.GRACE.plusSeconds(1));
        node.node.guests().run(late);
        TestNode.await("it waits to be restarted", () -> !node.node.slots().get(late).isServed());
        assertEquals("hello", text(waiting.get(10, TimeUnit.SECONDS)), "it was away for two seconds, not for ten");
    }

    @Test
    void mailThatWaitedLongForAGuestSurvivesItsSecondCrash() throws Exception {
        CompletableFuture<Void> busy = new CompletableFuture<>();
        ProcessId twice = node.guest("twice", OnExit.RESTART, Scripts.serving((host, body) -> {
            switch (body) {
                case "trap" -> throw new GuestTrap("told to trap");
                case "trap later" -> {
                    busy.join();
                    throw new GuestTrap("told to trap later");
                }
                default -> host.respond(Response.of(body), Optional.empty());
            }
        }));
        Slot slot = node.node.slots().get(twice);
        node.tell(twice, "trap");
        TestNode.await("it waits to be restarted", () -> !slot.isServed());
        node.time.pass(Duration.ofSeconds(2));
        node.tell(twice, "trap later");
        CompletableFuture<Answer> waiting = node.asking(twice, "hello", 300);
        TestNode.await("it has taken that, and the clock has seen it", () -> slot.received().sum() == 2 && !slot.wasUnserved());
        node.time.pass(Duration.ofSeconds(9)); // a shorter run than one after which it would be started again at once
        busy.complete(null);
        TestNode.await("it waits to be restarted again", () -> !slot.isServed());
        node.time.pass(Duration.ofSeconds(4));
        assertEquals("hello", text(waiting.get(30, TimeUnit.SECONDS)), "it was away for four seconds, not since the first crash");
    }

    @Test
    void mailThatWaitedLongForABusySystemProcessIsThereForItsSuccessor() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        SystemProcess old = (request, reply) -> gate.join();
        node.node.arrive(SERVICE, old, TestNode.PUBLIC);
        node.tell(SERVICE, "takes long");
        CompletableFuture<Answer> waiting = node.asking(SERVICE, "hello", 300);
        TestNode.await("the first is being handled", () -> node.node.slots().get(SERVICE).received().sum() == 1);
        node.time.pass(Providers.GRACE.plusSeconds(1));
        gate.completeOnTimeout(null, 100, TimeUnit.MILLISECONDS);
        node.node.depart(SERVICE, old);
        Thread.sleep(50);
        node.node.arrive(SERVICE, (request, reply) -> reply.respond(Response.of("here")), TestNode.PUBLIC);
        assertEquals("here", text(waiting.get(5, TimeUnit.SECONDS)));
    }

    @Test
    void whatNothingTakesWithinTheGracePeriodFails() {
        SystemProcess brief = (request, reply) -> { };
        node.node.arrive(SERVICE, brief, TestNode.PUBLIC);
        node.node.depart(SERVICE, brief);
        CompletableFuture<Answer> waiting = node.asking(SERVICE, "hello", 300);
        assertThrows(TimeoutException.class, () -> waiting.get(100, TimeUnit.MILLISECONDS));
        node.time.pass(Providers.GRACE.minus(Duration.ofSeconds(1)));
        assertThrows(TimeoutException.class, () -> waiting.get(200, TimeUnit.MILLISECONDS));
        node.time.pass(Duration.ofSeconds(1));
        assertThrows(ExecutionException.class, () -> waiting.get(30, TimeUnit.SECONDS));
    }
}
