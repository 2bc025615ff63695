package org.ashlar.kernel;

import static org.ashlar.kernel.Scripts.respond;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.ProcessStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is deployed beside the old gets the guests, one after another, while the old one is still there. */
@Timeout(60)
class MigrationTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void oneThatWaitsForMailMovesAtOnceAndTheLengthOfThePauseIsKept() throws Exception {
        ProcessId echo = node.guest("echo", OnExit.RESTART, Scripts.ECHO);
        assertEquals("before", text(node.ask(echo, "before", 5)));
        assertEquals(Optional.empty(), status(echo).lastPause());
        ScriptedRuntime next = deployBeside();
        awaitMoved(echo, next);
        assertEquals("after", text(node.ask(echo, "after", 5)));
        assertEquals(1, status(echo).restarts());
        TestNode.await("the pause is known", () -> status(echo).lastPause().isPresent());
    }

    @Test
    void oneThatAwaitsAnAnswerGetsItBeforeItMoves() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        ProcessId slow = node.guest("slow", OnExit.NONE, Scripts.serving((host, body) -> {
            release.join();
            respond(host, "late");
        }));
        ProcessId awaiter = node.guest("awaiter", OnExit.RESTART, Scripts.serving((host, body) -> {
            host.sendAndAwait(node.address(slow), Request.of("x").expecting(60), Optional.empty());
            respond(host, "got it");
        }));
        CompletableFuture<Answer> asked = node.asking(awaiter, "begin", 60);
        TestNode.await("it awaits", () -> node.node.slots().get(slow).received().sum() == 1);
        ProcessId other = node.guest("other", OnExit.RESTART, Scripts.ECHO);
        ScriptedRuntime next = deployBeside();
        awaitMoved(other, next);
        assertEquals(ProcessStatus.State.DRAINING, status(awaiter).state());
        assertFalse(asked.isDone());
        release.complete(null);
        assertEquals("got it", text(asked.get(5, TimeUnit.SECONDS)));
        awaitMoved(awaiter, next);
    }

    @Test
    void aRequestThatWasKeptUnansweredIsAnsweredByTheNextRun() throws Exception {
        ProcessId keeper = node.guest("keeper", OnExit.RESTART, host -> {
            if (node.node.slots().guest(ProcessId.of("keeper", TestNode.TESTER.packageId())).orElseThrow().status()
                    .restarts() > 0) {
                respond(host, "kept");
            }
            Scripts.SILENT.run(host);
        });
        CompletableFuture<Answer> asked = node.asking(keeper, "keep this", 60);
        TestNode.await("it is taken", () -> node.node.slots().get(keeper).received().sum() == 1);
        deployBeside();
        assertEquals("kept", text(asked.get(5, TimeUnit.SECONDS)));
    }

    @Test
    void oneThatEndsForGoodWithItsRunFinishesWhereItIs() throws Exception {
        ProcessId script = node.guest("script", OnExit.NONE, Scripts.ECHO);
        ProcessId other = node.guest("other", OnExit.RESTART, Scripts.ECHO);
        awaitMoved(other, deployBeside());
        assertEquals("still", text(node.ask(script, "still", 5)));
        assertEquals(0, status(script).restarts());
        assertEquals(node.runtime, runtimeOf(script));
    }

    @Test
    void oneThatCannotBeLoadedThereStaysAndALineSaysSo() throws Exception {
        ProcessId picky = node.guest("picky", OnExit.RESTART, Scripts.ECHO);
        ProcessId other = node.guest("other", OnExit.RESTART, Scripts.ECHO);
        node.runtime.forget("picky");
        ScriptedRuntime next = deployBeside();
        awaitMoved(other, next);
        assertEquals("still here", text(node.ask(picky, "still here", 5)));
        assertEquals(node.runtime, runtimeOf(picky));
        TestNode.await("a person is told", () -> node.prints.stream().anyMatch(line ->
                line.text().equals("picky:test:sys stays where it is: it is no script")));
    }

    @Test
    void oneThatWasLoadedBeforeAndStartsAfterwardsMovesToo() throws Exception {
        ProcessId id = ProcessId.of("waiting", TestNode.TESTER.packageId());
        GuestSlot slot = node.node.guests().make(node.definition(id, OnExit.RESTART, true),
                node.runtime.script("waiting", Scripts.ECHO), Optional.empty());
        ScriptedRuntime next = deployBeside();
        node.node.slots().add(slot);
        node.node.guests().run(id);
        awaitMoved(id, next);
    }

    @Test
    void whenGuestsMoveBackAndForthEveryRequestIsAnsweredOnce() throws Exception {
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
            ScriptedRuntime before = current;
            current = deployBeside();
            for (ProcessId echo : echoes) {
                awaitMoved(echo, current);
            }
            before.leave();
            node.runtimes.remove(before);
            node.node.guests().roll(loaded -> loaded.runtime() == before);
        }
        for (CompletableFuture<Answer> each : asked) {
            each.get(20, TimeUnit.SECONDS);
        }
        for (ProcessId echo : echoes) {
            assertEquals(50, node.node.slots().get(echo).received().sum());
            assertEquals(5, status(echo).restarts());
        }
    }

    private ScriptedRuntime deployBeside() {
        ScriptedRuntime next = node.runtime.successor();
        node.runtimes.add(next, 0);
        node.node.guests().migrate();
        return next;
    }

    private ProcessStatus status(ProcessId id) {
        return node.node.slots().get(id).status();
    }

    private Object runtimeOf(ProcessId id) {
        return node.node.slots().guest(id).map(GuestSlot::session).flatMap(GuestSession::loaded)
                .map(Workshop.Loaded::runtime).orElse(null);
    }

    private void awaitMoved(ProcessId id, ScriptedRuntime to) {
        TestNode.await(id + " has moved", () -> runtimeOf(id) == to && status(id).state() == ProcessStatus.State.RUNNING);
        assertTrue(node.node.slots().get(id).isServed());
    }
}
