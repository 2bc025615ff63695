package org.ashlar.net;

import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.NetAction;
import org.ashlar.codec.RoutingRequest;
import org.ashlar.noise.Routes;
import org.ashlar.tck.RecordedReply;
import org.ashlar.transport.ws.WebSocketTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The cases about nodes that only routers lead to (reference-modules 1.9 and 10, M23 to M28), and what a router refuses. */
@Timeout(120)
class RouterCasesTest {
    private final List<AutoCloseable> parts = new ArrayList<>();
    private TestNode alice = keep(new TestNode("alice.os"));
    private TestNode router = keep(TestNode.router("router.os", Set.of("ivan.os")));
    private TestNode ivan = keep(TestNode.indirect("ivan.os", List.of("router.os")));

    private <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    private void introduceAll() {
        TestNode.introduce(alice, router);
        TestNode.introduce(alice, ivan);
        TestNode.introduce(router, ivan);
    }

    private void awaitLed() {
        ivan.net.network().tick();
        TestNode.await("ivan keeps a connection to its router", () -> router.net.network().isLed("ivan.os"));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : parts.reversed()) {
            part.close();
        }
    }

    private static SendError.Kind failed(RecordedReply reply) {
        return assertInstanceOf(RecordedReply.Outcome.Failed.class, reply.outcome()).kind();
    }

    private boolean printed(TestNode node, String text) {
        return node.prints.stream().anyMatch(line -> line.text().contains(text));
    }

    @Test
    void m23_aRouterJoinsTheLinksOfWhoAsksAndWhoIsAskedFor() {
        introduceAll();
        assertEquals(List.of(), ivan.card().addresses());
        assertEquals(List.of("router.os"), ivan.card().routers());
        awaitLed();
        assertEquals("hello", text(alice.ask(ivan, "echo:t:t", "hello")));
        assertEquals("back", text(ivan.ask(alice, "echo:t:t", "back")));
        assertEquals(300_000, alice.ask("ivan.os", "echo:t:t", new byte[300_000]).answer().response().body().length);
        assertEquals(1, router.net.network().router().lines().size(), "one connection for both ways");
        assertTrue(router.received.isEmpty() || router.received.stream().noneMatch(each -> each.target().toString().contains("echo")),
                "the router reads none of it");
    }

    @Test
    void m24_whenNoRouterLeadsThereTheNextIsTriedAndThenItIsOffline() {
        TestNode useless = keep(new TestNode("useless.os"));
        introduceAll();
        TestNode.introduce(alice, useless);
        alice.book.put(new NodeCard("ivan.os", ivan.identity.publicKey(), List.of(), List.of("useless.os", "router.os", "unheard-of.os")));
        awaitLed();
        assertEquals("hello", text(alice.ask(ivan, "echo:t:t", "hello")));
        TestNode carol = keep(new TestNode("carol.os"));
        TestNode.introduce(carol, useless);
        carol.book.put(new NodeCard("ivan.os", ivan.identity.publicKey(), List.of(), List.of("useless.os")));
        assertEquals(SendError.Kind.OFFLINE, failed(carol.ask(ivan, "echo:t:t", "hello")));
        TestNode.await("it is said why", () -> printed(useless, "this node leads nobody to others"));
    }

    @Test
    void m25_aCallByWhoIsNoRouterIsNotHeeded() throws Exception {
        introduceAll();
        awaitLed();
        TestNode mallory = keep(new TestNode("mallory.os"));
        TestNode.introduce(mallory, router);
        TestNode.introduce(mallory, ivan);
        int before = alice.net.network().halfOpenCount();
        // Both the network of another node and any process of it.
        for (String process : List.of("net:distro:sys", "x:y:z")) {
            mallory.handle(process, "ivan.os", "net:distro:sys", new NetAction.ConnectionRequest("alice.os").encode(), new RecordedReply());
        }
        assertEquals("after", text(mallory.ask(ivan, "echo:t:t", "after")));
        assertFalse(alice.isConnectedWith(ivan));
        assertEquals(before, alice.net.network().halfOpenCount());
    }

    /** A link to the router with {@code request} on it. */
    private Link asking(RoutingRequest request) throws IOException {
        NodeAddress address = router.card().addresses().stream().filter(each -> each.protocol().equals("ws")).findFirst().orElseThrow();
        WebSocketTransport transport = new WebSocketTransport();
        Link link = transport.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port()), Duration.ofSeconds(10));
        parts.add(link);
        link.send(List.of(request.encode()));
        return link;
    }

    private static boolean isCut(Link link) {
        try {
            return link.receive().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void m26_aRequestThatIsForgedOldRepeatedOrAbsurdIsCutOff() throws Exception {
        introduceAll();
        awaitLed();
        TestIdentity asker = alice.identity;
        Instant now = router.clock.now();
        RoutingRequest good = Routes.bound(asker, "ivan.os", "router.os", now);
        RoutingRequest forged = Routes.bound(TestIdentity.of("alice.os"), "ivan.os", "router.os", now);
        assertTrue(isCut(asking(forged)));
        assertTrue(isCut(asking(Routes.bound(asker, "alice.os", "router.os", now))), "to where it is already");
        assertTrue(isCut(asking(Routes.bound(asker, "ivan.os", "other.os", now))), "for another router");
        assertTrue(isCut(asking(Routes.bound(asker, "ivan.os", "router.os", now.minusSeconds(300)))), "of another time");
        assertTrue(isCut(asking(Routes.bound(TestIdentity.of("stranger.os"), "ivan.os", "router.os", now))), "of a stranger");
        Link first = asking(good);
        // ivan comes over TCP, which cannot be joined with this link.
        TestNode.await("it is taken, and ivan calls back",
                () -> printed(router, "is led to ivan.os") || printed(router, "came over different transports"));
        assertTrue(isCut(asking(good)), "twice");
        TestNode.await("it is said why", () -> printed(router, "came a second time"));
        first.close();
    }

    @Test
    void m27_whoIsAskedForCallsBackByTheTransportThatTheRouterHas() {
        TestNode webSocket = keep(TestNode.router("web.os", Set.of("judy.os"), "ws"));
        TestNode judy = keep(TestNode.indirect("judy.os", List.of("web.os")));
        for (TestNode[] pair : new TestNode[][] {{alice, webSocket}, {alice, judy}, {webSocket, judy}}) {
            TestNode.introduce(pair[0], pair[1]);
        }
        judy.net.network().tick();
        TestNode.await("judy keeps a connection", () -> webSocket.net.network().isLed("judy.os"));
        assertEquals("hello", text(alice.ask(judy, "echo:t:t", "hello")));
        assertTrue(judy.net.network().reports().stream().allMatch(peer -> peer.over().startsWith("ws://")));
    }

    @Test
    void m28_aRouterThatComesBackIsConnectedToAgain() throws Exception {
        introduceAll();
        awaitLed();
        assertEquals("hello", text(alice.ask(ivan, "echo:t:t", "hello")));
        // Or ivan would answer directly.
        ivan.book.put(new NodeCard("alice.os", alice.identity.publicKey(), List.of(), List.of()));
        TestIdentity identity = router.identity;
        parts.remove(router);
        router.die();
        RecordedReply lost = alice.ask(ivan, "echo:t:t", "lost");
        TestNode.await("the connection is lost", () -> !alice.isConnectedWith(ivan));
        alice.clock.move(Limits.PATIENCE.toNanos());
        assertEquals(SendError.Kind.OFFLINE, failed(lost));
        router = keep(new TestNode(identity, 10, new Settings(Optional.empty(), "127.0.0.1", Optional.empty(), Optional.empty(),
                Set.of("ivan.os"), List.of(), Optional.empty())));
        introduceAll();
        alice.net.network().changed("ivan.os", false);
        TestNode.await("ivan is back at its router", () -> router.net.network().isLed("ivan.os"));
        TestNode.await("it is reached again", () -> alice.ask(ivan, "echo:t:t", "again").outcome() instanceof RecordedReply.Outcome.Answered);
    }

    @Test
    void aRouterLeadsToNobodyButThoseInItsList() throws Exception {
        TestNode bob = keep(new TestNode("bob.os"));
        TestNode judy = keep(TestNode.indirect("judy.os", List.of("router.os")));
        introduceAll();
        TestNode.introduce(router, bob);
        TestNode.introduce(router, judy);
        TestNode.introduce(alice, judy);
        text(router.ask(bob, "echo:t:t", "known and connected"));
        assertTrue(isCut(asking(Routes.bound(alice.identity, "bob.os", "router.os", router.clock.now()))), "a node that can be reached itself");
        judy.net.network().tick();
        TestNode.await("judy is refused", () -> printed(router, "judy.os asks this node to lead others to it, which is not permitted"));
        assertEquals(SendError.Kind.OFFLINE, failed(alice.ask(judy, "echo:t:t", "hello")));
        assertTrue(isCut(asking(Routes.bound(alice.identity, "ivan.os", "router.os", router.clock.now()))), "one that is not there");
    }

    @Test
    void whatWaitsAtARouterIsBoundedAndExpires() throws Exception {
        introduceAll();
        // One that keeps the connection and never calls back.
        parts.remove(ivan);
        ivan.close();
        router.clock.move(TimeUnit.SECONDS.toNanos(1));
        Puppet puppet = keep(new Puppet(ivan.identity, router)).shakeAsClient();
        TestNode.await("it is led", () -> router.net.network().isLed("ivan.os"));
        List<Link> links = new ArrayList<>();
        Link first = asking(Routes.bound(alice.identity, "ivan.os", "router.os", router.clock.now()));
        TestNode.await("it waits", () -> router.net.network().router().waitingCount() == 1);
        assertInstanceOf(NetAction.ConnectionRequest.class, NetAction.parse(puppet.hear().message().body()));
        assertTrue(isCut(asking(Routes.bound(alice.identity, "ivan.os", "router.os", router.clock.now().plusSeconds(1)))), "one pair waits once");
        for (int i = 0; i < Limits.ROUTED_OF_NODE + 3; i++) {
            TestIdentity asker = TestIdentity.of("asker-" + i + ".os");
            router.book.put(new NodeCard(asker.name(), asker.publicKey(), List.of(), List.of()));
            links.add(asking(Routes.bound(asker, "ivan.os", "router.os", router.clock.now())));
        }
        TestNode.await("more are refused", () -> printed(router, "too many are being led to others"));
        assertTrue(router.net.network().router().waitingCount() <= Limits.ROUTED_OF_NODE);
        // More than once: some of the links may come only now.
        TestNode.await("what waited is gone", () -> {
            router.clock.move(Limits.ROUTED_WAIT.toNanos() + 1);
            router.net.network().tick();
            return router.net.network().router().waitingCount() == 0;
        });
        assertTrue(isCut(first));
    }

    @Test
    void aNodeThatUsedUpItsBytesIsLedToNoMore() {
        Quota quota = new Quota(alice.clock);
        assertTrue(quota.take(Limits.ROUTED_BYTES));
        assertFalse(quota.take(1));
        alice.clock.move(Limits.ROUTED_TIME.toNanos() + 1);
        assertTrue(quota.take(1));
    }

    @Test
    void twoNodesThatOnlyRoutersLeadToTalkToo() {
        TestNode both = keep(TestNode.router("both.os", Set.of("ann.os", "ben.os")));
        TestNode ann = keep(TestNode.indirect("ann.os", List.of("both.os")));
        TestNode ben = keep(TestNode.indirect("ben.os", List.of("both.os")));
        for (TestNode[] pair : new TestNode[][] {{both, ann}, {both, ben}, {ann, ben}}) {
            TestNode.introduce(pair[0], pair[1]);
        }
        ann.net.network().tick();
        ben.net.network().tick();
        TestNode.await("both are there", () -> both.net.network().isLed("ann.os") && both.net.network().isLed("ben.os"));
        assertEquals("hello", text(ann.ask(ben, "echo:t:t", "hello")));
        assertEquals("back", text(ben.ask(ann, "echo:t:t", "back")));
    }
}
