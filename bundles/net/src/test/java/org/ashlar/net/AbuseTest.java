package org.ashlar.net;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.noise.Ed25519Key;
import org.ashlar.noise.LocalNode;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.SessionEvent;
import org.ashlar.noise.Wire;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers and peers that mean ill or do not keep up: all is bounded, and others go on. */
@Timeout(180)
class AbuseTest extends TwoNodes {
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
        TestIdentity identity = known("sloth.os");
        Puppet sloth = puppet(identity).shake(1, false);
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
        TestIdentity identity = known("sloth.os");
        Puppet sloth = puppet(identity).shake(1, false);
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
        TestIdentity identity = known("flood.os");
        bob.processes.put("sink:t:t", request -> null);
        Puppet flooder = puppet(identity).shake(1, false);
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
            assertEquals(SendError.Kind.OFFLINE, failed(open));
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
}
