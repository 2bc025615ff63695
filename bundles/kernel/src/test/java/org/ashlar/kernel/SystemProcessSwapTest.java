package org.ashlar.kernel;

import static org.ashlar.kernel.Scripts.respond;
import static org.ashlar.kernel.TestNode.SERVICE;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A system process can be replaced; what it has not answered its successor does, in order. */
@Timeout(60)
class SystemProcessSwapTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aSystemProcessHandlesOneSendersRequestsInOrderAndSeveralSendersAtOnce() throws Exception {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        SystemProcess service = (request, reply) -> {
            String body = text(request.message().body());
            if (body.equals("block")) {
                blocked.join();
            }
            seen.add(body);
            reply.respond(Response.of(body));
        };
        node.node.arrive(SERVICE, service, TestNode.PUBLIC);
        node.asking(SERVICE, "block", 20);
        for (int i = 0; i < 100; i++) {
            node.asking(SERVICE, Integer.toString(i), 20);
        }
        ProcessId other = node.guest("other", OnExit.NONE, Scripts.serving((host, body) -> {
            Delivery answer = host.sendAndAwait(node.address(SERVICE),
                    Request.of("from the other").expecting(5), Optional.empty());
            respond(host, answer instanceof Delivery.Received ? "answered" : "failed");
        }));
        assertEquals("answered", text(node.ask(other, "go", 5)));
        blocked.complete(null);
        TestNode.await("all are handled", () -> seen.size() == 102);
        List<String> inOrder = seen.stream().filter(body -> body.matches("\\d+")).toList();
        for (int i = 0; i < 100; i++) {
            assertEquals(Integer.toString(i), inOrder.get(i));
        }
    }

    @Test
    void whatADepartingSystemProcessHandsBackItsSuccessorAnswers() throws Exception {
        ConcurrentLinkedQueue<Reply> kept = new ConcurrentLinkedQueue<>();
        SystemProcess old = (request, reply) -> kept.add(reply);
        node.node.arrive(SERVICE, old, TestNode.PUBLIC);
        CompletableFuture<Answer> handedBack = node.asking(SERVICE, "kept", 20);
        CompletableFuture<Answer> forgotten = node.asking(SERVICE, "forgotten", 60);
        TestNode.await("both are taken", () -> kept.size() == 2);
        Reply first = kept.poll();
        first.handBack();
        node.node.depart(SERVICE, old);
        CompletableFuture<Answer> meanwhile = node.asking(SERVICE, "meanwhile", 20);
        node.node.arrive(SERVICE, (request, reply) -> {
            assertFalse(reply.arrivedAt().isBefore(first.arrivedAt()));
            reply.respond(Response.of("the successor: " + text(request.message().body())));
        }, TestNode.PUBLIC);
        assertEquals("the successor: kept", text(handedBack.get(5, TimeUnit.SECONDS)));
        assertEquals("the successor: meanwhile", text(meanwhile.get(5, TimeUnit.SECONDS)));
        assertThrows(Exception.class, () -> forgotten.get(8, TimeUnit.SECONDS), "what is forgotten ends as an error");
        assertTrue(forgotten.isCompletedExceptionally());
    }

    @Test
    void theSuccessorGetsOneSendersRequestsInTheOrderTheyWereSent() throws Exception {
        ConcurrentLinkedQueue<Reply> kept = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        SystemProcess old = (request, reply) -> {
            if (text(request.message().body()).equals("block")) {
                blocked.join();
            } else {
                kept.add(reply);
            }
        };
        node.node.arrive(SERVICE, old, TestNode.PUBLIC);
        for (String body : List.of("1", "2", "block", "3", "4")) {
            node.asking(SERVICE, body, 60);
        }
        TestNode.await("it works at the third", () -> node.node.slots().get(SERVICE).received().sum() == 3);
        blocked.completeOnTimeout(null, 100, TimeUnit.MILLISECONDS);
        node.node.depart(SERVICE, old);
        List.copyOf(kept).reversed().forEach(Reply::handBack);
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        node.node.arrive(SERVICE, (request, reply) -> seen.add(text(request.message().body())), TestNode.PUBLIC);
        TestNode.await("all are handled", () -> seen.size() == 4);
        assertEquals(List.of("1", "2", "3", "4"), List.copyOf(seen));
    }

    @Test
    void whatIsHandedBackGoesBeforeWhatWaitsInItsSendersLane() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Runnable work = () -> Stream.generate(tasks::poll).takeWhile(Objects::nonNull).forEach(Runnable::run);
        try (TestNode byHand = new TestNode(new MemoryStore(), new ScriptedRuntime(), tasks::add)) {
            List<Reply> kept = new ArrayList<>();
            SystemProcess old = (request, reply) -> kept.add(reply);
            byHand.node.arrive(SERVICE, old, TestNode.PUBLIC);
            List.of("1", "2").forEach(body -> byHand.asking(SERVICE, body, 60));
            work.run();
            List.of("3", "4").forEach(body -> byHand.asking(SERVICE, body, 60)); // their lane is made, and not worked off
            byHand.node.depart(SERVICE, old);
            kept.reversed().forEach(Reply::handBack);
            List<String> seen = new ArrayList<>();
            byHand.node.arrive(SERVICE, (request, reply) -> seen.add(text(request.message().body())), TestNode.PUBLIC);
            work.run();
            assertEquals(List.of("1", "2", "3", "4"), seen);
        }
    }

    @Test
    void whoMayMessageASystemProcessIsTheAffairOfThePreferredProvider() {
        SystemProcess preferred = (request, reply) -> { };
        SystemProcess other = (request, reply) -> { };
        node.node.arrive(SERVICE, preferred, Map.of("service.ranking", 5, SystemProcess.PUBLIC, true));
        node.node.arrive(SERVICE, other, Map.of());
        assertTrue(node.node.slots().get(SERVICE).isPublic(), "one that is not preferred came");
        node.node.depart(SERVICE, preferred);
        assertFalse(node.node.slots().get(SERVICE).isPublic(), "now that one serves");
        node.node.depart(SERVICE, other);
        assertFalse(node.node.slots().get(SERVICE).isPublic(), "what was last is kept while there is none");
        node.node.arrive(SERVICE, preferred, Map.of("service.ranking", 5, SystemProcess.PUBLIC, true));
        assertTrue(node.node.slots().get(SERVICE).isPublic());
    }

    @Test
    void aSystemProcessThatThrowsEndsThatRequestAlone() throws Exception {
        node.node.arrive(SERVICE, (request, reply) -> {
            if (text(request.message().body()).equals("bad")) {
                throw new IllegalStateException("cannot");
            }
            reply.respond(Response.of("fine"));
        }, TestNode.PUBLIC);
        CompletableFuture<Answer> bad = node.asking(SERVICE, "bad", 20);
        assertThrows(Exception.class, () -> bad.get(1, TimeUnit.SECONDS));
        assertEquals("fine", text(node.ask(SERVICE, "good", 5)));
    }
}
