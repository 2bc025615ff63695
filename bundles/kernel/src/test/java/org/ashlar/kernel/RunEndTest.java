package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.SERVICE;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.process.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends with a run of a guest, and what the next run of the same process gets. */
@Timeout(60)
class RunEndTest {
    /** Calls to system processes run on the thread of their sender: so an answer can come at any moment a test wants. */
    private final TestNode node = new TestNode(new MemoryStore(), new ScriptedRuntime(), Runnable::run);
    private final ConcurrentLinkedQueue<Reply> kept = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private int runs;

    @AfterEach
    void stop() {
        node.close();
    }

    /** A process whose first run does {@code first}, and whose next ones note what they receive. */
    private ProcessId guest(ScriptedRuntime.Script first) {
        return node.guest("asker", OnExit.RESTART, host -> {
            if (runs++ == 0) {
                first.run(host);
                return;
            }
            while (true) {
                seen.add(switch (host.receive()) {
                    case Delivery.Received received -> text(received.message().body())
                            + received.context().map(context -> " with " + text(context)).orElse("");
                    case Delivery.Failed failed -> "a send error";
                });
            }
        });
    }

    private void awaitService(GuestHost host) {
        host.sendAndAwait(node.address(SERVICE), Request.of("awaited").expecting(60), Optional.empty());
    }

    private GuestSession session(ProcessId id) {
        return node.node.slots().guest(id).orElseThrow().session();
    }

    private List<String> seenUntil(ProcessId id, String last) throws Exception {
        node.tell(id, last);
        ConcurrentLinkedQueue<String> all = new ConcurrentLinkedQueue<>();
        do {
            all.add(Optional.ofNullable(seen.poll(10, TimeUnit.SECONDS)).orElse("nothing any more"));
        } while (!all.contains(last) && !all.contains("nothing any more"));
        return List.copyOf(all);
    }

    @Test
    void anAnswerThatCameForARunThatWaitedEndsWithThatRun() throws Exception {
        CompletableFuture<GuestSession> answered = new CompletableFuture<>();
        node.node.arrive(SERVICE, (request, reply) -> {
            GuestSession waiting = session(request.source().process());
            waiting.stop("it is stopped");
            reply.respond(Response.of("nobody asked for this"));
            answered.complete(waiting);
        }, TestNode.PUBLIC);
        ProcessId asker = guest(this::awaitService);
        GuestSession first = answered.get(10, TimeUnit.SECONDS);
        TestNode.await("it runs again", () -> session(asker) != null && session(asker) != first);
        assertEquals(List.of("mail"), seenUntil(asker, "mail"));
        assertEquals(0, node.node.slots().guest(asker).orElseThrow().reserved().requests());
    }

    @Test
    void anAnswerThatComesAfterTheRunThatWaitedIsNotDelivered() throws Exception {
        node.node.arrive(SERVICE, (request, reply) -> kept.add(reply), TestNode.PUBLIC);
        ProcessId asker = guest(this::awaitService);
        TestNode.await("it waits", () -> kept.size() == 1);
        GuestSession waiting = session(asker);
        waiting.stop("it is stopped");
        TestNode.await("it runs again", () -> session(asker) != null && session(asker) != waiting);
        kept.remove().respond(Response.of("nobody asked for this"));
        assertEquals(List.of("mail"), seenUntil(asker, "mail"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatWasNotAwaitedIsAnsweredToTheNextRunWithItsContext(boolean swap) throws Exception {
        node.node.arrive(SERVICE, (request, reply) -> kept.add(reply), TestNode.PUBLIC);
        ProcessId asker = guest(host -> {
            for (String body : List.of("one", "two")) {
                host.send(new GuestHost.Outgoing(node.address(SERVICE), Request.of(body).expecting(60),
                        Optional.of(("context " + body).getBytes()), Optional.empty()));
            }
            host.receive();
            if (!swap) {
                throw new GuestTrap("it crashes");
            }
            host.receive();
        });
        TestNode.await("both are asked", () -> kept.size() == 2);
        GuestSession first = session(asker);
        node.tell(asker, "go on");
        if (swap) {
            TestNode.await("it waits again", () -> node.node.slots().get(asker).received().sum() == 1);
            kept.remove().respond(Response.of("first"));
            TestNode.await("it has seen the first", () -> session(asker) == null || session(asker) != first);
        } else {
            TestNode.await("it has crashed", () -> session(asker) != first);
            kept.remove().respond(Response.of("first"));
        }
        kept.remove().respond(Response.of("second"));
        List<String> got = seenUntil(asker, "mail");
        assertEquals(swap ? List.of("second with context two", "mail")
                : List.of("first with context one", "second with context two", "mail"), got);
    }

    @Test
    void aGuestThatWasToldToStopFindsOutInEveryFunction() {
        List<Consumer<GuestHost>> functions = List.of(GuestHost::our, host -> host.print(3, "still here"),
                GuestHost::capabilities, GuestHost::onExit, GuestHost::hasBlob, GuestHost::blob, GuestHost::lastBlob);
        for (int i = 0; i < functions.size(); i++) {
            Consumer<GuestHost> function = functions.get(i);
            ProcessId id = node.guest("busy-" + i, OnExit.NONE, host -> {
                while (true) {
                    function.accept(host);
                }
            });
            TestNode.await("it runs", () -> session(id) != null);
            session(id).stop("it is stopped");
            TestNode.await("function " + i + " ends", () -> node.node.slots().guest(id).isEmpty());
        }
    }

    @Test
    void aGuestThatIsStoppedWhileItPrintsIsNotInterruptedThere() throws Exception {
        CompletableFuture<Void> printing = new CompletableFuture<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        node.node.printer().add(printout -> {
            if (printout.text().endsWith("slow line")) {
                printing.complete(null);
                stopped.join();
                interrupted.complete(Thread.currentThread().isInterrupted());
            }
        });
        ProcessId id = node.guest("printer", OnExit.NONE, host -> host.print(0, "slow line"));
        printing.join();
        session(id).stop("it is stopped");
        stopped.complete(null);
        assertFalse(interrupted.get(5, TimeUnit.SECONDS), "an interrupt could close a file that the sink writes");
        TestNode.await("it has ended", () -> node.node.slots().guest(id).isEmpty());
    }
}
