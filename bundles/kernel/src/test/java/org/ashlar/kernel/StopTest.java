package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.ProcessStatus.State;
import org.ashlar.api.wasm.Fuel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node stops in a bounded time, and leaves nobody waiting and nothing running. */
@Timeout(60)
class StopTest {
    private final TestNode node = new TestNode();
    private final CompletableFuture<Void> stuck = new CompletableFuture<>();

    @AfterEach
    void stop() {
        stuck.complete(null);
        node.close();
    }

    @Test
    void guestsThatDoNotStopAreWaitedForTogether() {
        for (int i = 0; i < 6; i++) {
            node.guest("stuck-" + i, OnExit.RESTART, host -> stuck.join());
        }
        TestNode.await("all run", () -> node.node.slots().all().stream()
                .filter(slot -> slot.status().state() == State.RUNNING).count() >= 6);
        long before = System.nanoTime();
        node.node.stop(Duration.ofMillis(100));
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before);
        assertTrue(seconds < 3, "stopping took " + seconds + " s");
    }

    @Test
    void aGuestThatOnlyComputesIsCountedGivesWayAndStops() {
        ProcessId busy = node.guest("busy", OnExit.RESTART, host -> {
            while (true) {
                assertEquals(Fuel.SLICE, host.fuel(Fuel.SLICE));
            }
        });
        GuestSlot slot = node.node.slots().guest(busy).orElseThrow();
        TestNode.await("it is counted", () -> slot.status().fuel() > 100L * Fuel.SLICE);
        ProcessId echo = node.guest("echo", OnExit.RESTART, Scripts.ECHO);
        assertEquals("hello", new String(node.asking(echo, "hello", 30).join().response().body(), StandardCharsets.UTF_8));
        node.node.stop(Duration.ofSeconds(5));
        long after = slot.status().fuel();
        assertTrue(slot.status().runtime().isEmpty(), "it runs no more");
        assertEquals(after, slot.status().fuel());
    }

    @Test
    void nothingStartsAfterTheNodeHasStopped() throws Exception {
        ProcessId late = ProcessId.of("late", TestNode.TESTER.packageId());
        CompletableFuture<Void> ran = new CompletableFuture<>();
        node.node.guests().initialize(node.definition(late, OnExit.RESTART, true),
                node.runtime.script("late", host -> ran.complete(null)), List.of());
        node.node.stop(Duration.ofMillis(100));
        GuestSlot slot = node.node.slots().guest(late).orElseThrow();
        slot.letGo();
        node.node.guests().start(slot);
        assertThrows(Exception.class, () -> ran.get(300, TimeUnit.MILLISECONDS));
    }

    @Test
    void whoeverStillWaitsForAnAnswerIsTold() throws Exception {
        ProcessId silent = node.guest("silent", OnExit.RESTART, Scripts.SILENT);
        CompletableFuture<Answer> waiting = node.asking(silent, "hello", 600);
        TestNode.await("it was taken", () -> node.node.slots().get(silent).received().sum() == 1);
        node.node.stop(Duration.ofMillis(100));
        assertThrows(ExecutionException.class, () -> waiting.get(2, TimeUnit.SECONDS));
        CompletableFuture<Answer> late = node.asking(silent, "too late", 600);
        assertThrows(ExecutionException.class, () -> late.get(2, TimeUnit.SECONDS));
        assertEquals(0, node.node.slots().get(TestNode.TESTER).outstanding().size());
    }

    @Test
    void workThatHasNotBegunWhenTheWorkshopClosesFails() throws Exception {
        for (int i = 0; i < 4; i++) {
            CompletableFuture.runAsync(() -> node.node.workshop().read("x"));
        }
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(CompletableFuture.runAsync(() -> node.node.workshop().read("x"), Thread.ofVirtual()::start));
        }
        Thread.sleep(200);
        node.node.workshop().close();
        for (CompletableFuture<Void> each : waiting) {
            try {
                each.get(3, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                // that it ends is all that is asked
            }
        }
    }
}
