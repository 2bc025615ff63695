package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.Transport;
import org.ashlar.tck.RecordedReply;
import org.ashlar.transport.tcp.TcpTransport;
import org.ashlar.transport.ws.WebSocketTransport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections come, go and break; messages are neither lost nor doubled. */
@Timeout(180)
class ConnectionsTest extends TwoNodes {
    private static void tell(TestNode from, TestNode to, String process, byte[] body) {
        from.handle(new Envelope(1, new Address(from.name(), Address.parse("x@a:b:c").process()), Address.parse(to.name() + "@" + process),
                Optional.empty(), Request.of(body), Optional.empty()), new RecordedReply());
    }

    /** Both have something to say before either has a connection. */
    @RepeatedTest(10)
    void bothConnectAtTheSameTimeAndNothingIsLost() throws Exception {
        int each = 50;
        CountDownLatch go = new CountDownLatch(1);
        List<RecordedReply> replies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (TestNode from : List.of(alice, bob)) {
            TestNode to = from == alice ? bob : alice;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    go.await();
                    for (int i = 0; i < each; i++) {
                        RecordedReply reply = from.ask(to, "echo:t:t", String.valueOf(i));
                        synchronized (replies) {
                            replies.add(reply);
                        }
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(2 * each, replies.size());
        replies.forEach(reply -> assertInstanceOf(RecordedReply.Outcome.Answered.class, reply.outcome()));
        assertEquals(each, alice.received.size());
        assertEquals(each, bob.received.size());
    }

    @Test
    void messagesOfOneSenderArriveInOrder() {
        for (int i = 0; i < 2_000; i++) {
            alice.ask(bob, "echo:t:t", String.valueOf(i));
        }
        exchange(alice, bob);
        List<String> seen = bob.received.stream().map(envelope -> new String(envelope.message().body(), UTF_8)).toList();
        for (int i = 0; i < 2_000; i++) {
            assertEquals(String.valueOf(i), seen.get(i));
        }
    }

    @Test
    void whatWasAskedOfANodeThatDiesIsOfflineAndAfterItsReturnThingsGoOn() throws Exception {
        exchange(alice, bob);
        RecordedReply open = alice.ask(bob, "silent:t:t", "hello");
        bob.die();
        parts.remove(bob);
        assertEquals(SendError.Kind.OFFLINE, failed(open));
        assertEquals(SendError.Kind.OFFLINE, failed(alice.ask(bob, "echo:t:t", "hello")));
        TestNode again = new TestNode(bob.identity, 10);
        parts.add(again);
        TestNode.introduce(alice, again);
        TestNode.await("it is back", () -> alice.ask(again, "echo:t:t", "hello").outcome() instanceof RecordedReply.Outcome.Answered);
    }

    @Test
    void anAnswerThatComesAfterTheConnectionHasChangedIsStillOne() throws Exception {
        exchange(alice, bob);
        CountDownLatch answer = new CountDownLatch(1);
        bob.processes.put("slow:t:t", request -> {
            Thread.ofVirtual().start(() -> {
                try {
                    answer.await();
                    bob.handle(new Envelope(request.id(), request.target(), request.source(), Optional.empty(), Response.of("late"),
                            Optional.empty()), new RecordedReply());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            return null;
        });
        RecordedReply open = alice.ask(bob, "slow:t:t", "hello");
        TestNode.await("it has arrived", () -> bob.received.size() == 2);
        replace(bob);
        answer.countDown();
        assertEquals("late", text(open));
    }

    /** As the deploy folder does: the successor is there before its predecessor leaves. */
    private static void replace(TestNode node) throws Exception {
        Transport old = node.transport("tcp");
        node.add(new TcpTransport());
        node.remove(old);
    }

    /** The first node's port is free then, and lower. */
    @Test
    void aTransportGetsThePortOfItsPredecessorWhateverElseIsFree() throws Exception {
        List<NodeAddress> before = bob.card().addresses();
        alice.close();
        parts.remove(alice);
        replace(bob);
        assertEquals(before, bob.card().addresses());
    }

    @Test
    void aNodeThatIsWithoutATransportForAMomentIsWaitedForThoughNothingWasOpen() throws Exception {
        exchange(alice, bob);
        bob.remove(bob.transport("tcp"));
        RecordedReply open = alice.ask(bob, "echo:t:t", "hello");
        TestNode.await("it is tried", () -> alice.net.network().reports().stream().anyMatch(peer -> peer.state().equals("connecting")));
        // Longer than one attempt.
        Thread.sleep(500);
        bob.add(new TcpTransport());
        assertEquals("hello", text(open));
    }

    @Test
    void transportsAreReplacedOnBothSidesUnderTrafficAndNothingIsLostOrDoubled() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "beside other tests it may take longer than a node is waited for: with \"./ashlar test --all\"");
        exchange(alice, bob);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        List<RecordedReply> replies = Collections.synchronizedList(new ArrayList<>());
        Thread sender = Thread.ofVirtual().start(() -> {
            while (!stop.get()) {
                replies.add(alice.ask(bob, "echo:t:t", String.valueOf(sent.getAndIncrement())));
                if (sent.get() % 50 == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        });
        for (int i = 0; i < 3; i++) {
            for (TestNode node : List.of(bob, alice)) {
                int before = sent.get();
                TestNode.await("traffic", () -> sent.get() > before + 500);
                replace(node);
            }
        }
        stop.set(true);
        sender.join();
        exchange(alice, bob);
        List<String> seen = bob.received.stream().map(envelope -> new String(envelope.message().body(), UTF_8)).skip(1).limit(sent.get()).toList();
        assertEquals(sent.get(), seen.size());
        assertEquals(sent.get(), seen.stream().distinct().count());
        replies.forEach(reply -> assertInstanceOf(RecordedReply.Outcome.Answered.class, reply.outcome()));
    }

    /** It cannot be told what it has missed, nor say what it has had. */
    @Test
    void whatIsUnderWayWithANodeOfAnotherKindIsOfflineAndNotSaidAgainWhenTheTransportIsReplaced() throws Exception {
        TestIdentity carol = known("carol.os");
        Puppet puppet = connected(carol);
        int answered = 15;
        List<RecordedReply> replies = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            replies.add(bob.ask("carol.os", "x:y:z", new byte[] {(byte) i}));
            Envelope heard = puppet.hear();
            if (i < answered) {
                puppet.say(new Envelope(heard.id(), heard.target(), heard.source(), Optional.empty(), Response.of(heard.message().body()), Optional.empty()));
                assertArrayEquals(new byte[] {(byte) i}, replies.get(i).answer().response().body());
            }
        }
        bob.remove(bob.transport("ws"));
        for (RecordedReply each : replies.subList(answered, replies.size())) {
            assertEquals(new RecordedReply.Outcome.Failed(SendError.Kind.OFFLINE), each.outcome());
        }
        bob.add(new WebSocketTransport());
        puppet = connected(carol);
        bob.ask("carol.os", "x:y:z", "new".getBytes(UTF_8));
        assertEquals("new", new String(puppet.hear().message().body(), UTF_8));
    }

    /** One that bob has said something to. */
    private Puppet connected(TestIdentity identity) throws Exception {
        Puppet puppet = puppet(identity);
        puppet.shake(1, false).say(new Envelope(1, Address.parse("carol.os@a:b:c"), Address.parse("bob.os@echo:t:t"), Optional.empty(),
                Request.of("hello").expecting(9), Optional.empty()));
        assertEquals("hello", new String(puppet.hear().message().body(), UTF_8));
        return puppet;
    }

    @Test
    void messagesWithoutAnAnswerArriveToo() {
        tell(alice, bob, "sink:t:t", new byte[10]);
        TestNode.await("it has arrived", () -> bob.received.size() == 1);
    }
}
