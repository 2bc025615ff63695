package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ashlar.api.net.NodeCard;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes of this kind have beyond the specification: cut cables lose nothing, copies are noticed, large messages give way. */
@Timeout(120)
class ResumptionTest {
    private final List<AutoCloseable> parts = new ArrayList<>();
    private TestNode alice;
    private TestNode bob;

    @BeforeEach
    void start() {
        alice = keep(new TestNode("alice.os"));
        bob = keep(new TestNode("bob.os"));
        TestNode.introduce(alice, bob);
    }

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

    /** A cable from alice to bob that can be cut. */
    private Cable cable() throws IOException {
        return keep(Cable.between(alice, bob));
    }

    @Test
    void aCableThatIsCutAgainAndAgainLosesAndDoublesNothingAndKeepsTheOrder() throws Exception {
        Cable cable = cable();
        int count = 1_000;
        List<RecordedReply> replies = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread cutter = Thread.ofVirtual().start(() -> {
            Random random = new Random(7);
            for (int i = 0; i < 5 && !over.get(); i++) {
                int before = bob.received.size();
                cable.cutAfter(20_000 + random.nextInt(20_000));
                TestNode.await("it goes on", () -> over.get() || bob.received.size() > before + 50);
            }
        });
        for (int i = 0; i < count; i++) {
            replies.add(alice.ask(bob, "echo:t:t", String.valueOf(i)));
        }
        for (int i = 0; i < count; i++) {
            assertEquals(String.valueOf(i), text(replies.get(i)));
        }
        over.set(true);
        cutter.join();
        assertTrue(cable.cuts() > 1, "cuts: " + cable.cuts());
        List<String> seen = bob.received.stream().map(each -> new String(each.message().body(), UTF_8)).toList();
        assertEquals(count, seen.size());
        for (int i = 0; i < count; i++) {
            assertEquals(String.valueOf(i), seen.get(i));
        }
    }

    @Test
    void aLargeMessageSurvivesACutInItsMiddleAndSmallOnesOfOthersPassIt() throws Exception {
        Cable cable = cable();
        assertEquals("first", text(alice.ask(bob, "echo:t:t", "first")));
        byte[] large = new byte[9_000_000];
        new Random(1).nextBytes(large);
        cable.cutAfter(3_000_000);
        RecordedReply slow = new RecordedReply();
        Thread.ofVirtual().start(() -> alice.handle("bulky:t:t", "bob.os", "echo:t:t", large, slow));
        assertEquals("quick", text(alice.ask(bob, "echo:t:t", "quick")));
        assertArrayEquals(large, slow.answer().response().body());
        assertTrue(cable.cuts() > 0);
    }

    @Test
    void twoRunningCopiesOfANodeAreNoticedByTheOthersAndByThemselves() {
        assertEquals("one", text(alice.ask(bob, "echo:t:t", "one")));
        TestNode copy = keep(new TestNode(bob.identity, 10));
        copy.book.put(alice.card());
        assertEquals("two", text(copy.ask(alice, "echo:t:t", "two")));
        TestNode.await("alice says so", () -> printed(alice, "two copies of bob.os are running"));
        TestNode.await("both copies are told", () -> printed(bob, "another running copy of this node") && printed(copy, "another running copy of this node"));
        for (TestNode node : List.of(alice, bob, copy)) {
            assertTrue(node.command("Peers").endsWith("\"copies\":[\"bob.os\"]}}"), node.command("Peers"));
        }
        assertEquals("three", text(alice.ask(copy, "echo:t:t", "three")));
        assertTrue(copy.received.stream().anyMatch(each -> new String(each.message().body(), UTF_8).equals("three")), "the one that came last is talked to");
    }

    @Test
    void aNodeWhoseKeyIsReplacedByAnothersAndTakenBackIsReachedAgainAndIsNoCopy() {
        String card = bob.cardText();
        assertEquals("one", text(alice.ask(bob, "echo:t:t", "one")));
        TestNode other = keep(new TestNode("bob.os"));
        other.book.put(alice.card());
        alice.replace(other.cardText());
        assertEquals("two", text(alice.ask("bob.os", "echo:t:t", "two".getBytes(UTF_8))));
        assertEquals(1, other.received.size());
        alice.replace(card);
        TestNode.await("bob is reached", () -> alice.ask(bob, "echo:t:t", "three").outcome() instanceof RecordedReply.Outcome.Answered);
        assertEquals(1, other.received.size());
        assertFalse(printed(alice, "two copies") || printed(bob, "another running copy"));
    }

    private static boolean printed(TestNode node, String text) {
        return node.prints.stream().anyMatch(line -> line.verbosity() == 0 && line.text().contains(text));
    }

    @Test
    void aNodeThatIsStartedAnewIsNoCopyAndWhatTheOneBeforeHadIsOffline() throws Exception {
        assertEquals("one", text(alice.ask(bob, "echo:t:t", "one")));
        RecordedReply open = alice.ask(bob, "silent:t:t", "lost");
        TestNode.await("it is there", () -> bob.received.size() == 2);
        parts.remove(bob);
        bob.die();
        TestNode again = keep(new TestNode(bob.identity, 10));
        TestNode.introduce(alice, again);
        assertEquals("two", text(again.ask(alice, "echo:t:t", "two")));
        assertInstanceOf(RecordedReply.Outcome.Failed.class, open.outcome());
        assertFalse(printed(alice, "two copies"));
        assertEquals(List.of(), again.received.stream().filter(each -> new String(each.message().body(), UTF_8).equals("lost")).toList());
    }

    @Test
    void withANodeThatDoesNotSpeakItMessagesGoInTheSpecificationsForm() throws Exception {
        TestIdentity identity = TestIdentity.of("carol.os");
        bob.book.put(new NodeCard("carol.os", identity.publicKey(), List.of(), List.of()));
        Puppet carol = keep(new Puppet(identity, bob).shake(1, false));
        TestNode.await("they are connected", () -> bob.net.network().reports().stream().anyMatch(peer -> peer.name().equals("carol.os")
                && peer.state().equals("connected")));
        RecordedReply reply = bob.ask("carol.os", "x:y:z", "question".getBytes(UTF_8));
        assertEquals("question", new String(carol.hear().message().body(), UTF_8));
        carol.close();
        // What was in flight is not sent again: whether it arrived is unknown.
        assertInstanceOf(RecordedReply.Outcome.Failed.class, reply.outcome());
    }
}
