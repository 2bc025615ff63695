package org.ashlar.net;

import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.PeerFrame;
import org.ashlar.noise.Routes;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks for more than there is, without end: others go on, and what is kept for it stays small. */
@Timeout(300)
class LimitsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long FEW_BYTES = 32L << 20;
    /** Further ones are closed by this side: both ends are in this process, which may not open so many. */
    private static final int KEPT = 2_000;

    private final List<AutoCloseable> parts = new ArrayList<>();

    private <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : parts.reversed()) {
            part.close();
        }
    }

    private static void exchange(TestNode from, TestNode to) {
        assertEquals("hello", text(from.ask(to, "echo:t:t", "hello")));
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A connection on which {@code first} is said. */
    private static Socket saying(TestNode to, byte[] first) throws IOException {
        int port = to.card().addresses().stream().filter(each -> each.protocol().equals("tcp")).findFirst().orElseThrow().port();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.getOutputStream().write(first);
        } catch (IOException refused) {
            // It was made to give room to another.
        }
        return socket;
    }

    @Test
    void tenThousandBegunHandshakesTakeLittleAndKeepNobodyOut() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "ten thousand connections: with \"./ashlar test --all\"");
        TestNode bob = keep(new TestNode("bob.os"));
        Deque<Socket> sockets = new ArrayDeque<>();
        long before = used();
        for (int i = 0; i < 10_000; i++) {
            sockets.add(keep(saying(bob, new byte[] {0, 32, 1, 2, 3})));
            if (sockets.size() > KEPT) {
                sockets.remove().close();
            }
            if (i % 2_500 == 2_499) {
                assertTrue(bob.net.network().halfOpenCount() <= Limits.HALF_OPEN);
                TestNode other = keep(new TestNode("other-" + i + ".os"));
                TestNode.introduce(other, bob);
                exchange(other, bob);
            }
        }
        long more = used() - before;
        assertTrue(more < FEW_BYTES, "bytes that are kept: " + more);
    }

    @Test
    void aPeerThatReadsAByteASecondIsBoundedAndCutOffAndOthersGoOn() throws Exception {
        TestNode alice = keep(new TestNode("alice.os"));
        TestNode bob = keep(new TestNode("bob.os"));
        TestNode.introduce(alice, bob);
        Stubborn slow = keep(new Stubborn("slow.os", bob));
        List<RecordedReply> replies = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            RecordedReply reply = new RecordedReply();
            replies.add(reply);
            Thread.ofVirtual().start(() -> bob.handle("asker:t:t", "slow.os", "x:y:z", new byte[1 << 20], reply));
        }
        TestNode.await("no more is kept than may be", () -> replies.stream().filter(reply -> !reply.isOpen()).count() >= 30);
        TestNode.await("it is cut off", () -> {
            try {
                slow.readOne();
            } catch (IOException cutOff) {
                // It is.
            }
            bob.clock.move(SECOND);
            bob.net.network().tick();
            exchange(alice, bob);
            return replies.stream().noneMatch(RecordedReply::isOpen);
        });
        exchange(bob, alice);
    }

    @Test
    void aPeerThatWantsAnswersAndReadsNoneIsCutOffAndOthersGoOn() throws Exception {
        TestNode alice = keep(new TestNode("alice.os"));
        TestNode bob = keep(new TestNode("bob.os"));
        TestNode.introduce(alice, bob);
        Stubborn pest = keep(new Stubborn("pest.os", bob));
        AtomicBoolean cut = new AtomicBoolean();
        long before = used();
        Thread flood = Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    pest.say(new PeerFrame.Probe());
                }
            } catch (IOException cutOff) {
                cut.set(true);
            }
        });
        for (int i = 0; i < 200; i++) {
            exchange(alice, bob);
        }
        long more = used() - before;
        assertTrue(more < FEW_BYTES, "bytes that are kept: " + more);
        TestNode.await("it is cut off", () -> {
            bob.clock.move(SECOND);
            bob.net.network().tick();
            return cut.get();
        });
        flood.join();
        exchange(alice, bob);
    }

    @Test
    void aRouterThatIsAskedWithoutEndGoesOnLeadingOthers() throws Exception {
        TestNode router = keep(TestNode.router("router.os", Set.of("ivan.os", "judy.os")));
        TestNode ivan = keep(TestNode.indirect("ivan.os", List.of("router.os")));
        TestNode alice = keep(new TestNode("alice.os"));
        TestIdentity judy = TestIdentity.of("judy.os");
        TestIdentity pest = TestIdentity.of("pest.os");
        TestNode.introduce(alice, router);
        TestNode.introduce(alice, ivan);
        TestNode.introduce(router, ivan);
        for (TestIdentity each : List.of(judy, pest)) {
            router.book.put(new NodeCard(each.name(), each.publicKey(), List.of(), List.of()));
        }
        // One that keeps its connection and never calls back.
        keep(new Puppet(judy, router)).shakeAsClient();
        ivan.net.network().tick();
        TestNode.await("both are led", () -> router.net.network().isLed("ivan.os") && router.net.network().isLed("judy.os"));
        Deque<Socket> sockets = new ArrayDeque<>();
        int times = Boolean.getBoolean("ashlar.all") ? 5_000 : 300;
        for (int i = 0; i < times; i++) {
            byte[] request = Routes.bound(pest, i % 2 == 0 ? "judy.os" : "ivan.os", "router.os", router.clock.now()).encode();
            sockets.add(keep(saying(router, ByteBuffer.allocate(2 + request.length).putShort((short) request.length).put(request).array())));
            if (sockets.size() > KEPT) {
                sockets.remove().close();
            }
            if (i % 100 == 50) {
                assertTrue(router.net.network().router().waitingCount() <= 2 * Limits.ROUTED_OF_NODE);
                exchange(alice, ivan);
            }
        }
        TestNode carol = keep(new TestNode("carol.os"));
        TestNode.introduce(carol, router);
        TestNode.introduce(carol, ivan);
        TestNode.await("another is led, too", () -> carol.ask(ivan, "echo:t:t", "hello").outcome() instanceof RecordedReply.Outcome.Answered);
    }
}
