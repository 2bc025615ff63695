package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;
import org.junit.jupiter.api.Test;

/** What every provider of {@link PeerBook} must keep: as a directory, and because a person writes in it. */
public abstract class PeerBookContract extends DirectoryContract {
    private Optional<PeerBook> opened = Optional.empty();

    /** Opens the book under test, as the node does when it starts: what was changed before is in it. */
    protected abstract PeerBook open() throws Exception;

    @Override
    protected PeerBook directory() throws Exception {
        if (opened.isEmpty()) {
            opened = Optional.of(open());
        }
        return opened.get();
    }

    @Override
    protected void publish(NodeCard card, byte[] signature) throws Exception {
        directory().put(card);
    }

    /** Whoever puts a card has looked at its signature: the book takes what it is given. */
    @Override
    void aCardThatItsKeyHasNotSignedIsNotGiven() { }

    /** The person decides which of two keys counts: {@link #aCardReplacesTheOneBefore}. */
    @Override
    void anotherKeyForANameDoesNotHideTheFirst() { }

    /** A card with a key made of {@code number}. */
    protected static NodeCard card(String name, int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return new NodeCard(name, key, List.of(new NodeAddress("tcp", "192.0.2." + number, 10_000), new NodeAddress("ws", "2001:db8::1", 9_000)),
                List.of("r.os"));
    }

    @Test
    void whatNobodyWroteDownIsUnknown() throws Exception {
        PeerBook book = open();
        assertEquals(List.of(), book.find("bob.os"));
        assertFalse(book.blocks("bob.os"));
        assertEquals(List.of(), book.list());
        assertEquals(List.of(), book.blocked());
    }

    @Test
    void whatIsWrittenDownIsFoundNowAndAtTheNextStart() throws Exception {
        PeerBook book = open();
        book.put(card("bob.os", 1));
        book.put(card("alice.os", 2));
        for (PeerBook each : List.of(book, open())) {
            assertEquals(List.of(card("bob.os", 1)), each.find("bob.os"));
            assertEquals(List.of(card("alice.os", 2), card("bob.os", 1)), each.list());
        }
    }

    @Test
    void aCardReplacesTheOneBefore() throws Exception {
        PeerBook book = open();
        book.put(card("bob.os", 1));
        book.put(card("bob.os", 2));
        assertEquals(List.of(card("bob.os", 2)), book.list());
        assertEquals(List.of(card("bob.os", 2)), open().list());
    }

    @Test
    void whatIsRemovedIsUnknown() throws Exception {
        PeerBook book = open();
        book.put(card("bob.os", 1));
        assertTrue(book.remove("bob.os"));
        assertFalse(book.remove("bob.os"));
        assertEquals(List.of(), book.find("bob.os"));
        assertEquals(List.of(), open().list());
    }

    @Test
    void aBlockedNodeIsNotFoundUntilItIsWrittenDownAgainOrForgotten() throws Exception {
        PeerBook book = open();
        book.put(card("bob.os", 1));
        book.block("bob.os");
        book.block("carol.os");
        for (PeerBook each : List.of(book, open())) {
            assertTrue(each.blocks("bob.os"));
            assertEquals(List.of(), each.find("bob.os"));
            assertEquals(List.of("bob.os", "carol.os"), each.blocked());
            assertEquals(List.of(), each.list());
        }
        book.put(card("bob.os", 1));
        assertTrue(book.remove("carol.os"));
        assertFalse(book.blocks("bob.os"));
        assertEquals(List.of(), open().blocked());
    }
}
