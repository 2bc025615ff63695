package org.ashlar.net;

import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.codec.PeerFrame;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages above the specification's 10 MB between nodes of this kind: in parts, bounded where they arrive, and in nobody's way. */
@Timeout(180)
class LargeMessagesTest {
    private static final int MIB = 1 << 20;

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

    /** A node that answers with the digest of a blob. */
    private TestNode hashing(TestNode node) {
        node.processes.put("hash:t:t", request -> Response.of(digest(bytes(request))));
        return keep(node);
    }

    private static byte[] bytes(Envelope request) {
        return ((Blob.InMemory) request.blob().orElseThrow()).bytes();
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aLargeBlobArrivesWholeOverACableThatIsCutAndSmallMessagesPassIt() throws Exception {
        TestNode alice = keep(new TestNode("alice.os"));
        TestNode bob = hashing(TestNode.withRoom("bob.os", 512 * MIB));
        Cable cable = keep(Cable.between(alice, bob));
        assertEquals("first", text(alice.ask(bob, "echo:t:t", "first")));
        byte[] large = random(64 * MIB);
        cable.holdAfter(8 * MIB);
        RecordedReply slow = alice.ask("bulky:t:t", bob, "hash:t:t", large);
        TestNode.await("it is on its way", cable::isHolding);
        RecordedReply quick = alice.ask(bob, "echo:t:t", "quick");
        cable.cutAfter(30L * MIB);
        cable.release();
        assertEquals("quick", text(quick));
        assertEquals(digest(large), text(slow));
        assertTrue(cable.cuts() > 0);
        List<Integer> lengths = bob.received.stream().map(each -> each.blob().map(blob -> (int) blob.length()).orElse(0)).toList();
        assertEquals(List.of(0, 0, large.length), lengths, "once each, and the small one first");
        TestNode.await("the room is given back", () -> bob.net.network().reception().used() == 0);
    }

    @Test
    void aMessageLargerThanTheOtherNodeTakesEndsWithOneClearErrorAndNothingElseDoes() {
        TestNode alice = keep(new TestNode("alice.os"));
        TestNode bob = hashing(TestNode.withRoom("bob.os", 64 * MIB));
        TestNode.introduce(alice, bob);
        byte[] largest = random(bob.net.network().reception().largest() - 1_000);
        assertEquals(digest(largest), text(alice.ask("bulky:t:t", bob, "hash:t:t", largest)));
        RecordedReply refused = alice.ask("bulky:t:t", bob, "hash:t:t", random(16 * MIB + 1));
        assertEquals(SendError.Kind.TIMEOUT, assertInstanceOf(RecordedReply.Outcome.Failed.class, refused.outcome()).kind());
        assertEquals(1, alice.prints.stream().filter(line -> line.text().contains("at most 16777216 can be sent to another node")).count());
        assertEquals("hello", text(alice.ask(bob, "echo:t:t", "hello")));
        assertEquals(2, bob.received.size());
    }

    @Test
    void severalNodesThatSendLargeMessagesHaveNoMoreRoomTogetherThanThereIsAndAllArrive() {
        TestNode bob = hashing(TestNode.withRoom("bob.os", 64 * MIB));
        byte[] large = random(12 * MIB);
        List<RecordedReply> replies = new ArrayList<>();
        for (String name : List.of("alice.os", "carol.os", "dave.os")) {
            TestNode node = keep(new TestNode(name));
            TestNode.introduce(node, bob);
            for (int i = 0; i < 2; i++) {
                replies.add(node.ask("bulky-" + i + ":t:t", bob, "hash:t:t", large));
            }
            assertEquals("hello", text(node.ask(bob, "echo:t:t", "hello")));
        }
        replies.forEach(reply -> assertEquals(digest(large), text(reply)));
        Reception reception = bob.net.network().reception();
        TestNode.await("the room is given back", () -> reception.used() == 0);
        assertTrue(reception.most() >= 24 * MIB && reception.most() <= 64 * MIB, "at most " + reception.most());
    }

    @Test
    void whoBeginsALargeMessageAndSendsNothingOfItLosesItsRoom() {
        TestNode.Clock clock = new TestNode.Clock();
        Reception reception = new Reception(clock, 64 * MIB);
        InStream stream = new InStream(reception, clock, () -> { });
        stream.begin(1);
        assertFalse(stream.offer(new PeerFrame.Offer(1, 1, 1, 16 * MIB)));
        assertFalse(stream.offer(new PeerFrame.Offer(1, 2, 2, 16 * MIB)));
        assertEquals(List.of(1L), stream.grant(), "one node has no more than half of the room");
        assertEquals(32 * MIB, reception.used());
        assertTrue(stream.offer(new PeerFrame.Offer(1, 1, 1, 16 * MIB)), "as after a cut");
        clock.move(Limits.STUCK.toNanos() + 1);
        assertFalse(stream.isStuck(clock.nanos(), true), "it is this side that takes nothing");
        clock.move(Limits.STUCK.toNanos() + 1);
        assertTrue(stream.isStuck(clock.nanos(), false));
        stream.forget();
        assertEquals(0, reception.used());
        clock.close();
    }
}
