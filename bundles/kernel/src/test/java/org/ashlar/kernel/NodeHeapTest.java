package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.SERVICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all processes together can make the kernel keep is bounded, and what ends gives all of it back. */
@Timeout(60)
class NodeHeapTest {
    private static final int MIB = 1 << 20;

    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    private long taken() {
        return node.node.heap().taken();
    }

    private void assertAllIsGivenBack() {
        TestNode.await("all is given back, not " + taken(), () -> taken() == 0);
    }

    private CompletableFuture<String> ask(ProcessId target, int bytes, int seconds) {
        return node.node.ask(TestNode.TESTER, node.address(target), Request.of("x").expecting(seconds),
                Optional.of(Blob.of(new byte[bytes]))).toCompletableFuture().handle((answer, failure) -> failure == null ? "answered" : "failed");
    }

    @Test
    void manyMailboxesTogetherTakeNoMoreThanAllMay() throws Exception {
        List<ProcessId> deaf = new ArrayList<>();
        CompletableFuture<Void> awake = new CompletableFuture<>();
        for (int i = 0; i < 12; i++) {
            deaf.add(node.guest("deaf-" + i, OnExit.NONE, host -> {
                awake.join();
                Scripts.ECHO.run(host);
            }));
        }
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (ProcessId each : deaf) {
            for (int i = 0; i < 3; i++) {
                asked.add(ask(each, 15 * MIB, 600)); // 540 MiB, of which no mailbox and no line has more than 45
            }
        }
        assertTrue(taken() <= TestNode.HEAP_BYTES, taken() + " bytes");
        assertTrue(taken() > TestNode.HEAP_BYTES / 2, taken() + " bytes");
        assertEquals("small", TestNode.text(node.ask(node.guest("small", OnExit.NONE, Scripts.ECHO), "small", 20)));
        assertTrue(asked.stream().anyMatch(CompletableFuture::isDone), "what has no room fails at once, for a sender that does not wait");
        awake.complete(null);
        List<String> ends = asked.stream().map(CompletableFuture::join).toList();
        assertTrue(ends.stream().filter("answered"::equals).count() >= 8, ends.toString());
        assertEquals("answered", ask(deaf.getFirst(), 15 * MIB, 60).join(), "there is room again");
        for (ProcessId id : deaf) {
            node.node.guests().kill(id);
        }
        assertAllIsGivenBack();
    }

    @Test
    void aContextForWhichAllHaveNoRoomEndsWhoSendsItAndSmallOnesGoOn() throws Exception {
        node.node.arrive(SERVICE, (request, reply) -> { }, TestNode.PUBLIC);
        List<ProcessId> hoarders = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            hoarders.add(node.guest("hoarder-" + i, OnExit.NONE, host -> {
                for (int sent = 0; sent < 60; sent++) { // 600 MiB, of which none may have more than 64
                    send(host, MIB);
                }
                send(host, 1);
                host.receive();
            }));
        }
        TestNode.await("somebody ended", () -> node.prints.stream().map(Printout::text).anyMatch(text ->
                text.contains("the " + TestNode.HEAP_BYTES + " bytes that they may have together")));
        for (ProcessId id : hoarders) {
            node.node.guests().kill(id);
        }
        assertAllIsGivenBack();
    }

    private void send(GuestHost host, int context) {
        host.send(new GuestHost.Outgoing(node.address(SERVICE), Request.of("x").expecting(600), Optional.of(new byte[context]),
                Optional.empty()));
    }

    @Test
    void blobsAtHandCountUntilTheirProcessTakesOtherMailOrEnds() throws Exception {
        ProcessId echo = node.guest("echo", OnExit.NONE, Scripts.ECHO);
        assertEquals("answered", ask(echo, 8 * MIB, 60).join());
        TestNode.await("the blob counts once", () -> taken() == 8 * MIB);
        assertEquals("x", TestNode.text(node.ask(echo, "x", 20)));
        assertEquals(8 * MIB, taken(), "the last blob stays at hand");
        assertEquals("answered", ask(echo, 2 * MIB, 60).join());
        TestNode.await("the next takes its place", () -> taken() == 2 * MIB);
        node.node.guests().kill(echo);
        assertAllIsGivenBack();
    }

    @Test
    void answersThatNobodyTakesCount() throws Exception {
        ConcurrentLinkedQueue<Reply> kept = new ConcurrentLinkedQueue<>();
        node.node.arrive(SERVICE, (request, reply) -> kept.add(reply), TestNode.PUBLIC);
        CompletableFuture<Void> never = new CompletableFuture<>();
        List<ProcessId> slow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            slow.add(node.guest("slow-" + i, OnExit.NONE, host -> {
                for (int sent = 0; sent < 50; sent++) {
                    send(host, 1);
                }
                never.join();
            }));
        }
        TestNode.await("all are asked", () -> kept.size() == 500);
        kept.forEach(reply -> reply.respond(Response.of(new byte[MIB])));
        assertTrue(taken() <= TestNode.HEAP_BYTES && taken() > TestNode.HEAP_BYTES / 2, taken() + " bytes");
        for (ProcessId id : slow) {
            node.node.guests().kill(id);
        }
        never.complete(null);
        assertAllIsGivenBack();
    }

    @Test
    void aStateThatHasNoRoomEndsWhoSetsItAndASmallOneIsKept() throws Exception {
        assertTrue(node.node.heap().moved(0, TestNode.HEAP_BYTES));
        ProcessId large = node.guest("large", OnExit.NONE, host -> host.setState(new byte[MIB]));
        TestNode.await("it ended", () -> node.prints.stream().map(Printout::text).anyMatch(text ->
                text.contains(large.toString()) && text.contains("no room on the way to the store")));
        ProcessId small = node.guest("small", OnExit.NONE, host -> {
            host.setState(new byte[100]);
            Scripts.ECHO.run(host);
        });
        assertEquals("set", TestNode.text(node.ask(small, "set", 20)));
        node.node.heap().moved(TestNode.HEAP_BYTES, 0);
        assertAllIsGivenBack();
    }
}
