package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.Transport;
import org.ashlar.noise.Ed25519Key;
import org.ashlar.noise.LocalNode;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.SessionEvent;
import org.ashlar.noise.Wire;
import org.ashlar.tck.RecordedReply;
import org.ashlar.transport.tcp.TcpTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections come, go, break and are abused; messages are neither lost nor doubled, and others go on. */
@Timeout(180)
class ConnectionsTest {
    private final List<AutoCloseable> parts = new ArrayList<>();
    private TestNode alice;
    private TestNode bob;

    @BeforeEach
    void start() {
        alice = node("alice.os");
        bob = node("bob.os");
        TestNode.introduce(alice, bob);
    }

    private TestNode node(String name) {
        TestNode node = new TestNode(name);
        parts.add(node);
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
    }

    private static void exchange(TestNode from, TestNode to) {
        assertEquals("hello", text(from.ask(to, "echo:t:t", "hello")));
    }

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
        assertEquals(SendError.Kind.OFFLINE, assertInstanceOf(RecordedReply.Outcome.Failed.class, open.outcome()).kind());
        assertEquals(SendError.Kind.OFFLINE, assertInstanceOf(RecordedReply.Outcome.Failed.class,
                alice.ask(bob, "echo:t:t", "hello").outcome()).kind());
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

    @Test
    void aProcessWithoutRoomSlowsTheNodeThatSendsToItAndNoOther() throws Exception {
        TestNode carol = node("carol.os");
        TestNode.introduce(bob, carol);
        bob.full.add("stuck:t:t");
        byte[] body = new byte[100_000];
        List<RecordedReply> replies = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            RecordedReply reply = new RecordedReply();
            replies.add(reply);
            Thread.ofVirtual().start(() -> alice.handle("asker:t:t", "bob.os", "stuck:t:t", body, reply));
        }
        TestNode.await("what does not fit ends", () -> replies.stream().anyMatch(reply -> !reply.isOpen()));
        exchange(carol, bob);
        exchange(bob, carol);
        bob.full.clear();
        // All that was not refused arrives; nothing else here is as long.
        TestNode.await("the rest arrives", () -> bob.received.stream().filter(each -> each.message().body().length == body.length).count()
                == replies.stream().filter(RecordedReply::isOpen).count());
        assertTrue(replies.stream().anyMatch(RecordedReply::isOpen));
    }

    @Test
    void thousandsWhoBeginAHandshakeAndSayNothingMoreKeepNobodyOut() throws Exception {
        int port = bob.card().addresses().getFirst().port();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 3_000; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(socket);
                try {
                    socket.getOutputStream().write(new byte[] {0, 32, 1, 2, 3});
                } catch (IOException refused) {
                    // It was made to give room to another.
                }
                if (sockets.size() > 500) {
                    // The other side keeps far fewer; these only keep this test within what one process may open.
                    sockets.removeFirst().close();
                }
                if (i % 1_000 == 999) {
                    assertTrue(bob.net.network().halfOpenCount() <= Limits.HALF_OPEN);
                    TestNode other = node("other-" + i + ".os");
                    TestNode.introduce(other, bob);
                    exchange(other, bob);
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        TestNode.await("they are gone", () -> bob.net.network().halfOpenCount() == 0);
    }

    @Test
    void aHandshakeThatTakesTooLongIsCutOff() throws Exception {
        int port = bob.card().addresses().getFirst().port();
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            slow.getOutputStream().write(new byte[] {0, 32, 1});
            TestNode.await("it is seen", () -> bob.net.network().halfOpenCount() == 1);
            bob.clock.move(Limits.HANDSHAKE.toNanos() + 1);
            bob.net.network().tick();
            assertEquals(-1, slow.getInputStream().read());
        }
    }

    @Test
    void aPeerThatTakesNothingIsBoundedAndThenCutOff() throws Exception {
        TestIdentity identity = TestIdentity.of("sloth.os");
        bob.book.put(new NodeCard("sloth.os", identity.publicKey(), List.of(), List.of()));
        Puppet sloth = new Puppet(identity, bob).shake(1, false);
        parts.add(sloth);
        sloth.say(new Envelope(1, Address.parse("sloth.os@a:b:c"), Address.parse("bob.os@echo:t:t"), Optional.empty(),
                Request.of("x").expecting(9), Optional.empty()));
        sloth.hear();
        List<RecordedReply> replies = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] body = new byte[1 << 20];
            RecordedReply reply = new RecordedReply();
            replies.add(reply);
            Thread.ofVirtual().start(() -> bob.handle("asker:t:t", "sloth.os", "x:y:z", body, reply));
        }
        TestNode.await("no more is kept than may be", () -> replies.stream().filter(reply -> !reply.isOpen()).count() >= 30);
        exchange(alice, bob);
        // More than once: the write that never ends may not have begun when time is moved first.
        TestNode.await("it is cut off", () -> {
            bob.clock.move(Limits.STALLED.toNanos() + TimeUnit.SECONDS.toNanos(1));
            bob.net.network().tick();
            return replies.stream().noneMatch(RecordedReply::isOpen);
        });
        exchange(bob, alice);
    }

    @Test
    void whoWaitsForRoomWhenTheNetworkIsReplacedIsHandedBack() throws Exception {
        TestIdentity identity = TestIdentity.of("sloth.os");
        bob.book.put(new NodeCard("sloth.os", identity.publicKey(), List.of(), List.of()));
        Puppet sloth = new Puppet(identity, bob).shake(1, false);
        parts.add(sloth);
        Map<RecordedReply, Boolean> parked = new ConcurrentHashMap<>();
        Set<RecordedReply> waiting = new HashSet<>();
        // What the system's buffers take makes room for some that wait: others come, until the same few wait for a while.
        TestNode.await("few wait for room", () -> {
            if (parked.size() == Limits.PARKED_OF_PEER && waiting.equals(parked.keySet())) {
                return true;
            }
            waiting.clear();
            waiting.addAll(parked.keySet());
            for (int i = waiting.size() == Limits.PARKED_OF_PEER ? Integer.MAX_VALUE : waiting.size(); i < 60; i++) {
                RecordedReply reply = new RecordedReply();
                parked.put(reply, true);
                Thread.ofVirtual().start(() -> {
                    bob.handle("asker:t:t", "sloth.os", "x:y:z", new byte[1 << 20], reply);
                    parked.remove(reply);
                });
            }
            return false;
        });
        bob.net.close();
        waiting.forEach(reply -> assertInstanceOf(RecordedReply.Outcome.HandedBack.class, reply.outcome()));
    }

    @Test
    void aPeerThatFloodsSlowsNobodyElse() throws Exception {
        TestIdentity identity = TestIdentity.of("flood.os");
        bob.book.put(new NodeCard("flood.os", identity.publicKey(), List.of(), List.of()));
        bob.processes.put("sink:t:t", request -> null);
        Puppet flooder = new Puppet(identity, bob).shake(1, false);
        parts.add(flooder);
        AtomicBoolean stop = new AtomicBoolean();
        Thread flood = Thread.ofVirtual().start(() -> {
            try {
                while (!stop.get()) {
                    flooder.say(new Envelope(1, Address.parse("flood.os@a:b:c"), Address.parse("bob.os@sink:t:t"), Optional.empty(),
                            Request.of(new byte[1_000]), Optional.empty()));
                    bob.received.clear();
                }
            } catch (IOException cutOff) {
                // That is permitted, too.
            }
        });
        for (int i = 0; i < 200; i++) {
            exchange(alice, bob);
        }
        stop.set(true);
        flood.join();
    }

    @Test
    void greetingsWithoutEndAreShownABoundedNumberOfTimes() {
        for (int i = 0; i < 10 * Limits.HI_LINES; i++) {
            alice.ask(bob, "net:distro:sys", "hello " + i + "\n\u001b[31m");
        }
        exchange(alice, bob);
        List<String> shown = bob.prints.stream().map(line -> line.text()).filter(text -> text.startsWith("alice.os: ")).toList();
        assertTrue(shown.size() <= Limits.HI_LINES, "lines: " + shown.size());
        assertTrue(shown.stream().noneMatch(line -> line.chars().anyMatch(c -> c < ' ')));
    }

    @Test
    void aNodeThatCannotBeReachedIsNotTriedForEachMessage() {
        NodeCard card = new NodeCard("gone.os", TestIdentity.of("gone.os").publicKey(), bob.card().addresses(), List.of());
        alice.book.put(card);
        for (int i = 0; i < 200; i++) {
            assertInstanceOf(RecordedReply.Outcome.Failed.class, alice.ask("gone.os", "echo:t:t", new byte[1]).outcome());
        }
        long refusedAtBob = bob.prints.stream().filter(line -> line.text().contains("was refused")).count();
        assertTrue(refusedAtBob < 20, "attempts: " + refusedAtBob);
    }

    @Test
    void aNodeThatEndsEachConnectionAfterTheHandshakeIsTriedEverLessOften() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "takes as long as a node is waited for: with \"./ashlar test --all\"");
        TestIdentity identity = TestIdentity.of("fickle.os");
        AtomicInteger shaken = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (Socket socket = server.accept()) {
                        shake(identity, socket);
                        shaken.incrementAndGet();
                    } catch (IOException | RuntimeException e) {
                        // The other side has given up.
                    }
                }
            });
            alice.book.put(new NodeCard("fickle.os", identity.publicKey(),
                    List.of(new NodeAddress("tcp", "127.0.0.1", server.getLocalPort())), List.of()));
            RecordedReply open = alice.ask("fickle.os", "echo:t:t", new byte[1]);
            assertEquals(SendError.Kind.OFFLINE, assertInstanceOf(RecordedReply.Outcome.Failed.class, open.outcome()).kind());
            // 250 ms, then twice as long each time, for 8 s: without pauses it would be thousands.
            assertTrue(shaken.get() <= 8, "connections: " + shaken.get());
        }
    }

    /** Takes the part of {@code identity} in a handshake, and says nothing more. */
    private static void shake(TestIdentity identity, Socket socket) throws IOException {
        PeerSession session = PeerSession.accept(new LocalNode(identity, name -> Ed25519Key.of(TestIdentity.of(name).publicKey())), Wire.TCP);
        byte[] buffer = new byte[1_024];
        for (int i = 0; i < 2; i++) {
            int length = socket.getInputStream().read(buffer);
            for (SessionEvent event : session.receive(buffer, 0, Math.max(0, length))) {
                if (event instanceof SessionEvent.Output(byte[] frame)) {
                    socket.getOutputStream().write(frame);
                }
            }
        }
    }

    @Test
    void messagesWithoutAnAnswerArriveToo() {
        tell(alice, bob, "sink:t:t", new byte[10]);
        TestNode.await("it has arrived", () -> bob.received.size() == 1);
    }
}
