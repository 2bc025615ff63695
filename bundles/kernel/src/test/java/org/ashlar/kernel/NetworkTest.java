package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.Kernel.Arrival;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SendFailedException;
import org.ashlar.api.process.SystemProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes from other nodes and goes to them, with a network that does what the test says. */
@Timeout(60)
class NetworkTest {
    private static final Address FAR = Address.parse("far.os@a:b:c");
    private static final Address THIRD = Address.parse("third.os@c:b:c");

    private final TestNode node = new TestNode();
    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<Envelope> answers = new LinkedBlockingQueue<>();

    private record Sent(Envelope envelope, Reply reply) { }

    private void connectNetwork() {
        node.node.arrive(Router.NET, (envelope, reply) -> sent.add(new Sent(envelope, reply)),
                Map.of(SystemProcess.PUBLIC, true, SystemProcess.NETWORK, true));
    }

    private ProcessId networked(String name, boolean isPublic, ScriptedRuntime.Script script) {
        ProcessId id = node.guest(name, OnExit.NONE, isPublic, script);
        node.node.grants().give(id, List.of(SignedCapability.unsigned(
                new Capability(node.address(node.node.kernelId()), Capability.NETWORK))));
        return id;
    }

    private Arrival fromFar(ProcessId to, String body, OptionalLong seconds, Optional<Address> rsvp) {
        Request request = new Request(false, seconds, body.getBytes(), Optional.empty(), List.of());
        return node.node.arrive(new Envelope(77, FAR, node.address(to), rsvp, request, Optional.empty()), answers::add);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void k31_aRequestToANodeThatCannotBeReachedIsOffline() throws Exception {
        SendFailedException none = assertThrows(SendFailedException.class, () -> askFar(30));
        assertEquals(SendError.Kind.OFFLINE, none.error().kind(), "there is no network at all");
        connectNetwork();
        CompletableFuture<Answer> asked = asking(30);
        sent.take().reply().fail(SendError.Kind.OFFLINE);
        Exception failed = assertThrows(Exception.class, () -> asked.get(10, TimeUnit.SECONDS));
        assertEquals(SendError.Kind.OFFLINE, assertInstanceOf(SendFailedException.class, failed.getCause()).error().kind());
    }

    private CompletableFuture<Answer> asking(int seconds) {
        return node.node.ask(TestNode.TESTER, FAR, Request.of("hello").expecting(seconds), Optional.empty()).toCompletableFuture();
    }

    private void askFar(int seconds) throws Exception {
        try {
            asking(seconds).get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    @Test
    void k33_whoLacksTheNetworkCapabilityHearsNothing() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ProcessId deaf = node.guest("deaf", OnExit.NONE, Scripts.serving((host, body) -> heard.add(body)));
        assertEquals(Arrival.TAKEN, fromFar(deaf, "one", OptionalLong.of(60), Optional.empty()));
        assertEquals(Arrival.TAKEN, fromFar(deaf, "two", OptionalLong.of(60), Optional.empty()));
        node.tell(deaf, "from here");
        assertEquals("from here", heard.poll(10, TimeUnit.SECONDS));
        assertEquals(1, node.prints.stream().filter(line -> line.text().contains("lacks the network capability")).count());
        assertTrue(answers.isEmpty());
    }

    @Test
    void k34_whoHoldsItHearsEverybodyPublicOrNot() throws Exception {
        ProcessId echo = networked("echo", false, Scripts.ECHO);
        assertEquals(Arrival.TAKEN, fromFar(echo, "hello", OptionalLong.of(60), Optional.empty()));
        Envelope answer = answers.poll(10, TimeUnit.SECONDS);
        assertEquals(FAR, answer.target());
        assertEquals(node.address(echo), answer.source());
        assertEquals(77, answer.id());
        assertEquals("hello", text(answer.message().body()));
    }

    @Test
    void k35_theLastOfAChainOverThreeNodesAnswersTheFirst() throws Exception {
        connectNetwork();
        CompletableFuture<Answer> asked = asking(30);
        sent.take().reply().relay(THIRD, Response.of("from the third"), Optional.empty());
        Answer answer = asked.get(10, TimeUnit.SECONDS);
        assertEquals(THIRD, answer.source());
        assertEquals("from the third", text(answer));
    }

    @Test
    void theMiddleOfAChainPassesOnWhoWaits() throws Exception {
        connectNetwork();
        ProcessId middle = networked("middle", true, host -> {
            host.receive();
            host.send(new GuestHost.Outgoing(THIRD, new Request(true, OptionalLong.empty(), "passed on".getBytes(), Optional.empty(),
                    List.of()), Optional.empty(), Optional.empty()));
            host.receive();
        });
        fromFar(middle, "begin", OptionalLong.of(60), Optional.empty());
        Sent on = sent.poll(10, TimeUnit.SECONDS);
        assertEquals(77, on.envelope().id());
        assertEquals(FAR, on.envelope().respondTo());
        on.reply().fail(SendError.Kind.OFFLINE);
        assertTrue(answers.isEmpty(), "who waits on another node is told nothing");
    }

    @Test
    void theEndOfAChainAnswersWhoNeverAskedIt() throws Exception {
        ProcessId echo = networked("echo", true, Scripts.ECHO);
        fromFar(echo, "on", OptionalLong.empty(), Optional.of(THIRD));
        assertEquals(THIRD, answers.poll(10, TimeUnit.SECONDS).target());
    }

    @Test
    void aSystemProcessHearsOthersOnlyWhenItSaysSo() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ProcessId quiet = ProcessId.parse("quiet:test:sys");
        ProcessId open = ProcessId.parse("open:test:sys");
        node.node.arrive(quiet, (envelope, reply) -> heard.add("quiet"), TestNode.PUBLIC);
        node.node.arrive(open, (envelope, reply) -> heard.add("open"), Map.of(SystemProcess.NETWORK, true));
        fromFar(quiet, "hello", OptionalLong.empty(), Optional.empty());
        fromFar(open, "hello", OptionalLong.empty(), Optional.empty());
        assertEquals("open", heard.poll(10, TimeUnit.SECONDS));
        assertTrue(heard.isEmpty());
    }

    @Test
    void aProcessThatDoesNotReceiveHoldsUpItsOwnMailAloneAndThenItsNode() throws Exception {
        ProcessId stuck = networked("stuck", true, host -> new CompletableFuture<Void>().join());
        ProcessId echo = networked("echo", true, Scripts.ECHO);
        int taken = 0;
        while (fromFar(stuck, "more", OptionalLong.empty(), Optional.empty()) == Arrival.TAKEN) {
            taken++;
            if (taken % 500 == 0) {
                fromFar(echo, "hello", OptionalLong.of(60), Optional.empty());
                assertEquals("hello", text(answers.poll(10, TimeUnit.SECONDS).message().body()));
            }
            assertTrue(taken <= Mailbox.MAX_MESSAGES + RemoteSlot.MAX_WAITING, "taken: " + taken);
        }
        assertTrue(taken >= Mailbox.MAX_MESSAGES);
        Envelope other = new Envelope(78, THIRD, node.address(echo), Optional.empty(), Request.of("hello").expecting(60), Optional.empty());
        assertEquals(Arrival.TAKEN, node.node.arrive(other, answers::add));
        assertEquals("hello", text(answers.poll(10, TimeUnit.SECONDS).message().body()));
    }

    @Test
    void whatOneNodeAsksWithoutBeingAnsweredIsBounded() {
        ProcessId silent = networked("silent", true, Scripts.SILENT);
        byte[] large = new byte[8 << 20];
        for (int i = 0; i < 10; i++) {
            Request request = Request.of(large).expecting(3_600);
            node.node.arrive(new Envelope(i, FAR, node.address(silent), Optional.empty(), request, Optional.empty()), answers::add);
        }
        assertTrue(node.prints.stream().anyMatch(line -> line.text().contains("not answered yet")));
    }

    @Test
    void whatIsNoRequestFromElsewhereIsRefused() {
        ProcessId echo = networked("echo", true, Scripts.ECHO);
        Envelope own = new Envelope(1, node.address(echo), node.address(echo), Optional.empty(), Request.of("x"), Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> node.node.arrive(own, answers::add));
        Envelope elsewhere = new Envelope(1, FAR, THIRD, Optional.empty(), Request.of("x"), Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> node.node.arrive(elsewhere, answers::add));
    }

    @Test
    void aRequestOfAnotherNodeEndsAtItsDeadlineWithoutAnAnswer() throws Exception {
        BlockingQueue<Delivery> held = new LinkedBlockingQueue<>();
        ProcessId late = networked("late", true, host -> {
            held.add(host.receive());
            TestNode.await("the deadline", () -> node.node.arrivals().remotes().stream().allMatch(r -> r.outstanding().size() == 0));
            Scripts.respond(host, "too late");
            host.receive();
        });
        fromFar(late, "hello", OptionalLong.of(1), Optional.empty());
        assertInstanceOf(Delivery.Received.class, held.poll(10, TimeUnit.SECONDS));
        TestNode.await("it has ended", () -> node.node.arrivals().remotes().stream().allMatch(r -> r.outstanding().size() == 0));
        assertNull(answers.poll(200, TimeUnit.MILLISECONDS));
        assertFalse(node.node.slots().get(late).isClosed());
    }
}
