package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardText;
import org.junit.jupiter.api.Test;

/** What every provider of {@link Directory} must keep. */
public abstract class DirectoryContract {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long AGAIN_MILLIS = 20;
    private static final int KEY = 32;

    /** The directory under test, knowing nothing at first: the same one at every call within a test. */
    protected abstract Directory directory() throws Exception;

    /**
     * Makes a node known where the directory reads, as that node does itself or whoever keeps the place; a second card of the
     * same name as a second node does that calls itself so.
     */
    protected abstract void publish(NodeCard card, byte[] signature) throws Exception;

    /** A node that can sign its card. */
    protected record Node(String name, KeyPair pair) {
        public static Node of(String name) {
            try {
                return new Node(name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        /** Its card, with an address at {@code port}. */
        public NodeCard card(int port) {
            byte[] encoded = pair.getPublic().getEncoded();
            return new NodeCard(name, Arrays.copyOfRange(encoded, encoded.length - KEY, encoded.length),
                    List.of(new NodeAddress("tcp", "127.0.0.1", port)), List.of());
        }

        public byte[] sign(NodeCard card) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(pair.getPrivate());
                signature.update(CardText.signedBytes(card));
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void publish(Node node, int port) throws Exception {
        NodeCard card = node.card(port);
        publish(card, node.sign(card));
    }

    /** Searches until {@code name} is known as {@code expected}. */
    private void awaitFound(String name, List<NodeCard> expected) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!directory().find(name).equals(expected)) {
            if (System.nanoTime() - end > 0) {
                fail("expected " + expected + " but found " + directory().find(name));
            }
            directory().search(name);
            Thread.sleep(AGAIN_MILLIS);
        }
    }

    @Test
    void itHasANameForPeople() throws Exception {
        assertTrue(directory().source().matches("\\S{1,200}"), directory().source());
    }

    @Test
    void whatNobodyMadeKnownIsUnknown() throws Exception {
        directory().search("nobody.test");
        assertEquals(List.of(), directory().find("nobody.test"));
        assertFalse(directory().blocks("nobody.test"));
        assertEquals(List.of(), directory().list());
    }

    @Test
    void whatWasMadeKnownIsFound() throws Exception {
        Node bob = Node.of("bob.test");
        Node alice = Node.of("alice.test");
        publish(bob, 1_001);
        publish(alice, 1_002);
        awaitFound("bob.test", List.of(bob.card(1_001)));
        awaitFound("alice.test", List.of(alice.card(1_002)));
        assertEquals(List.of(alice.card(1_002), bob.card(1_001)), directory().list());
        assertEquals(List.of(), directory().find("carol.test"));
    }

    @Test
    void aNodeThatMovesIsFoundWhereItIsNow() throws Exception {
        Node bob = Node.of("bob.test");
        publish(bob, 1_001);
        awaitFound("bob.test", List.of(bob.card(1_001)));
        publish(bob, 1_002);
        awaitFound("bob.test", List.of(bob.card(1_002)));
    }

    @Test
    void aCardThatItsKeyHasNotSignedIsNotGiven() throws Exception {
        Node bob = Node.of("bob.test");
        Node alice = Node.of("alice.test");
        publish(bob.card(1_001), bob.sign(bob.card(1_002)));
        publish(alice, 1_003);
        awaitFound("alice.test", List.of(alice.card(1_003)));
        directory().search("bob.test");
        assertEquals(List.of(), directory().find("bob.test"));
        assertEquals(List.of(alice.card(1_003)), directory().list());
    }

    @Test
    void anotherKeyForANameDoesNotHideTheFirst() throws Exception {
        Node bob = Node.of("bob.test");
        Node impostor = Node.of("bob.test");
        Node alice = Node.of("alice.test");
        publish(bob, 1_001);
        awaitFound("bob.test", List.of(bob.card(1_001)));
        publish(impostor, 1_002);
        publish(alice, 1_003);
        awaitFound("alice.test", List.of(alice.card(1_003)));
        directory().search("bob.test");
        assertTrue(directory().find("bob.test").contains(bob.card(1_001)), directory().find("bob.test").toString());
    }

    @Test
    void aListThatWasGivenOutDoesNotChange() throws Exception {
        Node bob = Node.of("bob.test");
        List<NodeCard> before = directory().list();
        publish(bob, 1_001);
        awaitFound("bob.test", List.of(bob.card(1_001)));
        assertEquals(List.of(), before);
    }
}
