package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.SERVICE;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SpawnRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one guest can make the kernel keep is bounded, and the guest is told. */
@Timeout(60)
class HeapLimitsTest {
    private static final int MIB = 1 << 20;

    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    /** What the kernel says of a guest that runs {@code script} when it ends. */
    private String endOf(ScriptedRuntime.Script script) {
        ProcessId id = node.guest("greedy", OnExit.NONE, script);
        TestNode.await("it has ended", () -> lines(id).findFirst().isPresent() && node.node.slots().get(id) == null);
        return lines(id).findFirst().orElseThrow();
    }

    private Stream<String> lines(ProcessId id) {
        return node.prints.stream().map(Printout::text).filter(each -> each.startsWith("process " + id));
    }

    private static String params(int characters) {
        return '"' + "x".repeat(characters - 2) + '"';
    }

    @Test
    void aCapabilityWithParamsThatAreTooLongCannotBeKept() {
        String end = endOf(host -> host.saveCapabilities(List.of(
                new Capability(host.our(), params(CapabilityTable.MAX_PARAMS + 1)))));
        assertTrue(end.contains("params of 4097 characters; at most 4096 are allowed"), end);
    }

    @Test
    void aCapabilityWithParamsThatAreTooLongDoesNotTravel() throws Exception {
        CompletableFuture<List<Integer>> brought = new CompletableFuture<>();
        ProcessId receiver = node.guest("receiver", OnExit.NONE, host -> {
            if (host.receive() instanceof Delivery.Received(var source, var message, var context)) {
                brought.complete(message.capabilities().stream().map(each -> each.capability().params().length()).toList());
            }
        });
        node.guest("sender", OnExit.NONE, host -> host.send(new GuestHost.Outgoing(node.address(receiver),
                Request.of("hello").withCapabilities(List.of(
                        SignedCapability.unsigned(new Capability(host.our(), params(CapabilityTable.MAX_PARAMS))),
                        SignedCapability.unsigned(new Capability(host.our(), params(CapabilityTable.MAX_PARAMS + 1))))),
                Optional.empty(), Optional.empty())));
        assertEquals(List.of(CapabilityTable.MAX_PARAMS), brought.get(5, TimeUnit.SECONDS));
    }

    @Test
    void whatOneProcessHoldsIsBoundedInCharactersAndNothingOfWhatIsTooMuchIsKept() {
        int fitting = CapabilityTable.MAX_HELD_PARAMS / CapabilityTable.MAX_PARAMS - 1;
        ProcessId[] id = new ProcessId[1];
        String end = endOf(host -> {
            id[0] = host.our().process();
            host.saveCapabilities(capabilities(host, 0, fitting));
            host.dropCapabilities(capabilities(host, 0, 10));
            host.saveCapabilities(capabilities(host, fitting, 10));
            host.saveCapabilities(capabilities(host, 2 * fitting, 10));
        });
        assertTrue(end.contains("characters of params, more than " + CapabilityTable.MAX_HELD_PARAMS), end);
    }

    private static List<Capability> capabilities(GuestHost host, int from, int count) {
        List<Capability> all = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            all.add(new Capability(host.our(), '"' + Integer.toString(i) + params(CapabilityTable.MAX_PARAMS
                    - 1 - Integer.toString(i).length()).substring(1)));
        }
        return all;
    }

    @Test
    void aGrantThatDoesNotFitIsLeftOutWithALineAndTheChildRunsAllTheSame() {
        node.files.add(new ScriptedFiles(true), 0);
        node.runtime.script("child", Scripts.SILENT);
        ProcessId parent = node.guest("parent", OnExit.NONE, host -> {
            host.spawn(new SpawnRequest(Optional.of("child"), "test:sys/pkg/child.wasm", OnExit.NONE, List.of(),
                    List.of(new SpawnRequest.Grant(TestNode.TESTER, params(5_000))), true));
            host.receive();
        });
        TestNode.await("the line", () -> node.prints.stream().anyMatch(each -> each.text().contains("params of 5000")));
        TestNode.await("the child", () -> node.node.slots().guest(ProcessId.parse("child:test:sys")).isPresent());
        assertTrue(node.node.slots().guest(parent).isPresent());
    }

    @Test
    void theBytesOfOpenRequestsWithTheirContextsAreBounded() {
        node.node.arrive(SERVICE, (request, reply) -> { }, TestNode.PUBLIC);
        for (boolean inContext : List.of(true, false)) {
            String end = endOf(host -> {
                for (int i = 0; i < 200; i++) {
                    host.send(new GuestHost.Outgoing(node.address(SERVICE),
                            Request.of(new byte[inContext ? 1 : MIB]).expecting(60),
                            Optional.of(new byte[inContext ? MIB : 1]), Optional.empty()));
                }
            });
            assertTrue(end.contains("bytes with their contexts, and at most " + Reserved.MAX_BYTES), end);
            node.prints.clear();
        }
    }

    @Test
    void onExitRequestsThatCouldNotBeReadAgainAreRefused() {
        byte[] body = new byte[12 * MIB]; // as JSON, four characters a byte
        Arrays.fill(body, (byte) -1);
        String end = endOf(host -> host.setOnExit(new OnExit.Requests(List.of(new OnExit.Parting(
                node.address(TestNode.TESTER), Request.of(body), Optional.empty())))));
        assertTrue(end.contains("bytes that the entry of a process may have on disk"), end);
    }

    @Test
    void oneRequestMayBeLargerThanAllTogether() {
        node.node.arrive(SERVICE, (request, reply) -> reply.respond(Response.of("taken")), TestNode.PUBLIC);
        String end = endOf(host -> {
            for (int i = 0; i < 2; i++) {
                host.sendAndAwait(node.address(SERVICE), Request.of("large").expecting(60),
                        Optional.of(Blob.of(new byte[70 * MIB])));
            }
        });
        assertTrue(end.contains("returned without error"), end);
    }

    @Test
    void whatWasAnsweredAndTakenCountsNoMore() {
        node.node.arrive(SERVICE, (request, reply) -> reply.respond(Response.of(new byte[MIB])), TestNode.PUBLIC);
        String end = endOf(host -> {
            for (int i = 0; i < 200; i++) {
                host.send(new GuestHost.Outgoing(node.address(SERVICE), Request.of(new byte[MIB]).expecting(60),
                        Optional.of(new byte[MIB]), Optional.empty()));
                host.receive();
            }
        });
        assertTrue(end.contains("returned without error"), end);
    }

    @Test
    void aRequestWhoseEndIsNotTakenCountsAlthoughItHasEnded() {
        String end = endOf(host -> {
            for (int i = 0; i < 3 * Outstanding.MAX; i++) {
                host.send(new GuestHost.Outgoing(node.address(ProcessId.parse("nobody:test:sys")),
                        Request.of("x").expecting(60), Optional.empty(), Optional.empty()));
            }
        });
        assertTrue(end.contains(Outstanding.MAX + " Requests without an answer"), end);
    }

    @Test
    void theMessagesThatOpenRequestsContinueAreBoundedAndEachCountsOnce() {
        node.node.arrive(SERVICE, (request, reply) -> { }, TestNode.PUBLIC);
        ProcessId middle = node.guest("middle", OnExit.NONE, host -> {
            while (true) {
                host.receive();
                for (int i = 0; i < 100; i++) {
                    host.send(new GuestHost.Outgoing(node.address(SERVICE), Request.of("x").expecting(60),
                            Optional.empty(), Optional.empty()));
                }
                host.respond(Response.of("done"), Optional.empty());
            }
        });
        List<String> ends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            CompletableFuture<?> asked = node.node.ask(TestNode.TESTER, node.address(middle),
                    Request.of(new byte[10 * MIB]).expecting(20), Optional.empty()).toCompletableFuture();
            ends.add(asked.handle((answer, failure) -> failure == null ? "answered" : "failed").join());
        }
        assertEquals(List.of("answered", "answered", "answered", "answered", "answered", "answered", "failed", "failed"),
                ends);
        assertTrue(node.prints.stream().anyMatch(each -> each.text().contains("the messages that its Requests continue")));
    }

    @Test
    void answersThatAreNotTakenAreBoundedInBytesAndTheRestEndAsSendErrors() throws Exception {
        ConcurrentLinkedQueue<Reply> kept = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        node.node.arrive(SERVICE, (request, reply) -> kept.add(reply), TestNode.PUBLIC);
        CompletableFuture<List<Boolean>> ends = new CompletableFuture<>();
        ProcessId slow = node.guest("slow", OnExit.NONE, host -> {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 100; i++) {
                    host.send(new GuestHost.Outgoing(node.address(SERVICE), Request.of("x").expecting(60),
                            Optional.empty(), Optional.empty()));
                }
                if (round == 0) {
                    answered.join();
                }
                List<Boolean> seen = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    seen.add(host.receive() instanceof Delivery.Received);
                }
                if (round == 1) {
                    ends.complete(seen);
                } else if (seen.stream().filter(each -> each).count() != 63) {
                    ends.complete(List.of());
                }
            }
        });
        TestNode.await("all are asked", () -> kept.size() == 100);
        kept.forEach(reply -> reply.respond(Response.of(new byte[MIB])));
        kept.clear();
        assertTrue(node.prints.stream().anyMatch(each -> each.text().contains("bytes of Responses waiting")));
        answered.complete(null);
        TestNode.await("all are asked again", () -> kept.size() == 100 || ends.isDone());
        kept.forEach(reply -> reply.respond(Response.of("small")));
        List<Boolean> seen = ends.get(10, TimeUnit.SECONDS);
        assertEquals(100, seen.size(), "of a hundred answers of a megabyte, 63 had room");
        assertFalse(seen.contains(false), "what was taken makes room");
        assertTrue(node.node.slots().get(slow) == null || node.node.slots().get(slow).outstanding().size() == 0);
    }

    @Test
    void aConversationThatGoesOnForEverKeepsNothingOfItsBeginning() throws Exception {
        CompletableFuture<WeakReference<byte[]>> first = new CompletableFuture<>();
        CompletableFuture<Void> longAfter = new CompletableFuture<>();
        ProcessId id = node.guest("chatty", OnExit.NONE, host -> {
            byte[] body = new byte[MIB];
            first.complete(new WeakReference<>(body));
            say(host, body);
            body = null;
            for (int i = 0; i < 40; i++) {
                while (!(host.receive() instanceof Delivery.Received(var source, Request request, var context))) {
                    // the answer to what it said before
                }
                say(host, new byte[100]);
                host.respond(Response.of("and so on"), Optional.empty());
            }
            longAfter.complete(null);
            while (true) {
                host.receive();
            }
        });
        longAfter.get(10, TimeUnit.SECONDS);
        TestNode.await("the first message is forgotten", () -> {
            System.gc();
            return first.join().get() == null;
        });
        assertTrue(node.node.slots().guest(id).isPresent());
    }

    private static void say(GuestHost host, byte[] body) {
        host.send(new GuestHost.Outgoing(host.our(), Request.of(body).expecting(600), Optional.empty(), Optional.empty()));
    }

    @Test
    void requestsThatWereTakenAndHaveEndedAreNotKept() throws Exception {
        List<WeakReference<byte[]>> bodies = new ArrayList<>();
        ProcessId silent = node.guest("silent", OnExit.NONE, Scripts.SILENT);
        for (int i = 0; i < 5; i++) {
            byte[] body = new byte[2 * MIB];
            bodies.add(new WeakReference<>(body));
            node.node.ask(TestNode.TESTER, node.address(silent), Request.of(body).expecting(1), Optional.empty())
                    .toCompletableFuture().handle((answer, failure) -> text("".getBytes())).join();
        }
        TestNode.await("the first ones are forgotten", () -> {
            System.gc();
            return bodies.get(0).get() == null && bodies.get(1).get() == null;
        });
    }
}
