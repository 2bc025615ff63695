package org.ashlar.kernel;

import static org.ashlar.kernel.Scripts.respond;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a guest consists of, and the runtime it runs on, can be replaced; its address, its mail and its conversations stay. */
@Timeout(60)
class SwapTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aGuestThatIsReplacedKeepsItsMailAndTheRequestItHasTaken() throws Exception {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        ProcessId id = node.guest("old", OnExit.RESTART, host -> {
            host.receive();
            taken.complete(null);
            host.receive();
            respond(host, "the old one took the second");
        });
        CompletableFuture<Answer> first = node.asking(id, "first", 20);
        taken.join();
        byte[] next = node.runtime.script("next", host -> {
            respond(host, "the new one answers");
            Scripts.ECHO.run(host);
        });
        node.node.guests().replace(node.definition(id, OnExit.RESTART, true), next, List.of());
        assertEquals("the new one answers", text(first.get(5, TimeUnit.SECONDS)));
        assertEquals("second", text(node.ask(id, "second", 5)));
    }

    @Test
    void aReplacementThatCannotBeLoadedChangesNothing() throws Exception {
        ProcessId id = node.guest("steady", OnExit.RESTART, Scripts.ECHO);
        CommandRefused refused = assertThrows(CommandRefused.class, () -> node.node.guests().replace(
                node.definition(id, OnExit.RESTART, true), "garbage".getBytes(), List.of()));
        assertTrue(refused.getMessage().contains("it is no script"), refused.getMessage());
        assertEquals("still here", text(node.ask(id, "still here", 5)));
    }

    @Test
    void aReplacementThatCannotBeWrittenDownChangesNothing() throws Exception {
        ProcessId id = node.guest("steady", OnExit.RESTART, Scripts.ECHO);
        byte[] next = node.runtime.script("next", Scripts.SILENT);
        node.store.failFromNowOn(true);
        assertThrows(CommandRefused.class, () -> node.node.guests().replace(node.definition(id, OnExit.RESTART, true),
                next, List.of()));
        node.store.failFromNowOn(false);
        assertEquals("still here", text(node.ask(id, "still here", 5)));
    }

    @Test
    void aBusyGuestThatDoesNotRestartIsReplacedAllTheSame() throws Exception {
        ProcessId silent = node.guest("silent", OnExit.NONE, Scripts.SILENT);
        ProcessId busy = node.guest("busy", OnExit.NONE, host -> {
            host.receive();
            host.sendAndAwait(node.address(silent), Request.of("x").expecting(60), Optional.empty());
        });
        node.tell(busy, "begin");
        TestNode.await("it is busy", () -> node.node.slots().get(silent).received().sum() == 1);
        CompletableFuture<Answer> waiting = node.asking(busy, "its mail stays", 30);
        node.node.guests().replace(node.definition(busy, OnExit.NONE, true), node.runtime.script("next", Scripts.ECHO),
                List.of());
        assertEquals("its mail stays", text(waiting.get(5, TimeUnit.SECONDS)));
    }

    @Test
    void aProcessThatIsToRunWhileItIsReplacedRunsAfterwards() throws Exception {
        ProcessId id = ProcessId.of("waiting", TestNode.TESTER.packageId());
        GuestSlot slot = node.node.guests().initialize(node.definition(id, OnExit.RESTART, true),
                node.runtime.script("waiting", Scripts.ECHO), List.of());
        slot.hold();
        node.node.guests().run(id);
        assertTrue(slot.letGo());
        assertFalse(slot.letGo());
    }

    @Test
    void whatIsLoadedForTheOldComponentDoesNotReplaceTheNew() throws Exception {
        ProcessId id = node.guest("old", OnExit.RESTART, Scripts.ECHO);
        GuestSlot slot = node.node.slots().guest(id).orElseThrow();
        byte[] old = slot.component();
        Workshop.Loaded oldLoaded = slot.loaded();
        node.node.guests().replace(node.definition(id, OnExit.RESTART, true), node.runtime.script("next", Scripts.ECHO),
                List.of());
        Workshop.Loaded now = slot.loaded();
        slot.setLoaded(old, oldLoaded);
        assertEquals(now, slot.loaded());
    }

    @Test
    void aGuestWithoutARuntimeWaitsForOneWhateverItsOnExitSays() throws Exception {
        ProcessId echo = node.guest("echo", OnExit.NONE, Scripts.ECHO);
        assertEquals("before", text(node.ask(echo, "before", 5)));
        node.runtime.leave();
        node.runtimes.remove(node.runtime);
        node.node.slots().guest(echo).orElseThrow().drain();
        TestNode.await("nothing runs", () -> !node.node.slots().get(echo).isServed());
        node.runtimes.add(node.runtime.successor(), 0);
        node.node.guests().revive();
        assertEquals("after", text(node.ask(echo, "after", 5)));
    }

    @Test
    void theTimeItTakesToLoadAGuestIsNoHealthyRun() {
        ProcessId id = node.guest("slow", OnExit.RESTART, Scripts.ECHO);
        GuestSlot slot = new GuestSlot(node.address(id), node.definition(id, OnExit.RESTART, true), new byte[0],
                node.node.slots().guest(id).orElseThrow().loaded(), node.node);
        slot.begin();
        node.time.pass(Duration.ofMinutes(5));
        assertEquals(Duration.ofSeconds(2), slot.nextWait());
    }

    @Test
    void whenTheRuntimeIsReplacedEveryRequestIsAnsweredOnce() throws Exception {
        List<ProcessId> echoes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            echoes.add(node.guest("echo-" + i, OnExit.RESTART, Scripts.ECHO));
        }
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        ScriptedRuntime current = node.runtime;
        for (int round = 0; round < 5; round++) {
            for (ProcessId echo : echoes) {
                for (int i = 0; i < 10; i++) {
                    asked.add(node.asking(echo, "round " + round, 30));
                }
            }
            ScriptedRuntime departing = current;
            current = departing.successor();
            node.runtimes.add(current, 0);
            departing.leave();
            node.runtimes.remove(departing);
            node.node.guests().roll(loaded -> loaded.runtime() == departing);
        }
        for (CompletableFuture<Answer> each : asked) {
            each.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aGuestThatDoesNotGiveWayIsStoppedAndItsRequestFails() {
        ProcessId stuck = node.guest("stuck", OnExit.RESTART, host -> {
            host.receive();
            host.sendAndAwait(node.address(node.guest("silent", OnExit.NONE, Scripts.SILENT)),
                    Request.of("x").expecting(60), Optional.empty());
        });
        CompletableFuture<Answer> asked = node.asking(stuck, "hello", 60);
        TestNode.await("it has taken the Request", () -> node.node.slots().get(stuck).received().sum() == 1);
        node.node.guests().roll(loaded -> true);
        assertThrows(Exception.class, () -> asked.get(1, TimeUnit.SECONDS));
        TestNode.await("it runs again", () -> node.node.slots().get(stuck).isServed());
    }
}
