package org.ashlar.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.NetCommand;
import org.ashlar.codec.NetReport;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What directories say of nodes is accepted by fingerprint, and never instead of what is known. */
class DirectoriesTest {
    private final TestNode anna = new TestNode("anna.os");
    private final Board lan = new Board("lan");
    private final Board dns = new Board("dns");

    /** A directory that says what it was told to. */
    private static final class Board implements Directory {
        private final String source;
        private final List<NodeCard> cards = new CopyOnWriteArrayList<>();
        private final List<NodeCard> hidden = new CopyOnWriteArrayList<>();
        private final List<NodeCard> announced = new CopyOnWriteArrayList<>();
        private volatile boolean broken;

        Board(String source) {
            this.source = source;
        }

        @Override
        public String source() {
            return source;
        }

        @Override
        public List<NodeCard> find(String name) {
            return cards.stream().filter(card -> card.name().equals(name)).toList();
        }

        @Override
        public List<NodeCard> list() {
            return List.copyOf(cards);
        }

        @Override
        public void search(String name) throws IOException {
            if (broken) {
                throw new IOException("no answer");
            }
            cards.addAll(hidden);
        }

        @Override
        public void announce(NodeCard own, byte[] signature) {
            announced.add(own);
        }
    }

    DirectoriesTest() {
        anna.net.addDirectory(dns, Map.of("service.ranking", 10));
        anna.net.addDirectory(lan, Map.of("service.ranking", 20));
    }

    @AfterEach
    void close() {
        anna.close();
    }

    private static NodeCard card(String name, int number, int port) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return new NodeCard(name, key, List.of(new NodeAddress("tcp", "127.0.0.1", port)), List.of());
    }

    private NetReport run(NetCommand command) {
        RecordedReply reply = new RecordedReply();
        anna.handle("terminal:terminal:sys", "anna.os", "net:distro:sys", command.encode(), reply);
        return NetReport.parse(reply.answer().response().body());
    }

    private List<String> lines(NetCommand command) {
        return run(command) instanceof NetReport.Lines(List<String> lines) ? lines : List.of(run(command).toString());
    }

    private String refusal(NetCommand command) {
        return run(command) instanceof NetReport.Err(String reason) ? reason : "not refused: " + run(command);
    }

    private NetReport confirm(String digits, boolean replace) {
        return run(new NetCommand.Confirm("bob.os", digits, replace));
    }

    @Test
    void aNodeThatADirectoryNamesIsTalkedToOnceItsFingerprintIsConfirmed() {
        try (TestNode bob = new TestNode("bob.os")) {
            bob.book.put(anna.card());
            lan.cards.add(bob.card());
            String key = HexFormat.of().formatHex(bob.identity.publicKey());
            assertTrue(lines(new NetCommand.Known()).getFirst().startsWith("bob.os is unconfirmed: " + bob.card().fingerprint() + " (lan)"));
            assertEquals(new RecordedReply.Outcome.Failed(SendError.Kind.OFFLINE), anna.ask(bob, "echo:t:t", "early").outcome());
            assertTrue(refusal(new NetCommand.Confirm("bob.os", key.substring(0, 15), false)).contains("first 16 digits"));
            assertTrue(refusal(new NetCommand.Confirm("bob.os", "0".repeat(16), false)).contains(bob.card().fingerprint() + " (lan)"));
            assertEquals(List.of(), anna.book.list());
            assertEquals(List.of("bob.os is written down; its key is " + bob.card().fingerprint()),
                    lines(new NetCommand.Confirm("bob.os", bob.card().fingerprint().substring(0, 19), false)));
            assertEquals(List.of(bob.card()), anna.book.list());
            assertEquals("hello", TestNode.text(anna.ask(bob, "echo:t:t", "hello")));
        }
    }

    @Test
    void twoKeysForOneNameAreBothShownAndThePersonDecides() {
        lan.cards.add(card("bob.os", 1, 1));
        dns.cards.add(card("bob.os", 2, 2));
        List<String> lines = lines(new NetCommand.Find("bob.os"));
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).contains("0101 0101") && lines.get(0).contains("(lan), one of 2 keys"), lines.get(0));
        assertTrue(lines.get(1).contains("0202 0202") && lines.get(1).contains("(dns), one of 2 keys"), lines.get(1));
        assertTrue(confirm("02".repeat(8), false) instanceof NetReport.Lines);
        assertEquals(List.of(card("bob.os", 2, 2)), anna.book.list());
    }

    @Test
    void anotherKeyForAKnownNameIsToldAndRefusedUntilItIsWanted() {
        anna.book.put(card("bob.os", 1, 1));
        lan.cards.add(card("bob.os", 2, 2));
        TestNode.await("a line about the other key", () -> anna.prints.stream().anyMatch(print -> print.verbosity() == 0
                && print.text().contains("0202 0202") && print.text().contains("0101 0101")));
        String refusal = refusal(new NetCommand.Confirm("bob.os", "02".repeat(8), false));
        assertTrue(refusal.contains("Known: 0101 0101") && refusal.contains("to be confirmed: 0202 0202"), refusal);
        assertEquals(List.of(card("bob.os", 1, 1)), anna.book.list());
        assertTrue(confirm("02".repeat(8), true) instanceof NetReport.Lines);
        assertEquals(List.of(card("bob.os", 2, 2)), anna.book.list());
    }

    @Test
    void directoriesAreAskedAtOnceAndCountInTheirOrder() {
        lan.hidden.add(card("bob.os", 1, 20));
        dns.hidden.add(card("bob.os", 1, 10));
        List<String> lines = lines(new NetCommand.Find("bob.os"));
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("(lan, dns)"), lines.getFirst());
        confirm("01".repeat(8), false);
        assertEquals(List.of(card("bob.os", 1, 20)), anna.book.list());
        dns.broken = true;
        lan.broken = true;
        assertEquals("nothing is known of carol.os. Asked: lan, dns, peers; lan: no answer; dns: no answer",
                refusal(new NetCommand.Find("carol.os")));
    }

    @Test
    void addressesOfDirectoriesAreUsedBesideTheKeyThatIsKnownAndNoOther() {
        AddressBook addresses = new AddressBook();
        addresses.add(anna.book, 100);
        addresses.add(lan, 20);
        addresses.add(dns, 10);
        anna.book.put(card("bob.os", 1, 1));
        dns.cards.add(card("bob.os", 1, 3));
        lan.cards.add(card("bob.os", 1, 2));
        lan.cards.add(card("bob.os", 2, 4));
        assertEquals(List.of(1, 2, 3), addresses.find("bob.os").orElseThrow().addresses().stream().map(NodeAddress::port).toList());
    }

    @Test
    void aBlockedNodeIsNotNamedAndAnImpostorOfThisOneIsNeverTaken() {
        lan.cards.add(card("bob.os", 1, 1));
        anna.book.block("bob.os");
        assertEquals(List.of("bob.os is blocked"), lines(new NetCommand.Known()));
        assertTrue(confirm("01".repeat(8), true) instanceof NetReport.Err);
        lan.cards.add(anna.card());
        lan.cards.add(card("anna.os", 3, 1));
        assertEquals(2, lines(new NetCommand.Known()).size());
        assertTrue(lines(new NetCommand.Known()).getLast().startsWith("another node calls itself anna.os"));
        assertTrue(run(new NetCommand.Confirm("anna.os", "03".repeat(8), true)) instanceof NetReport.Err);
    }

    @Test
    void directoriesAreToldTheNodesCard() {
        assertFalse(lan.announced.isEmpty());
        assertEquals(anna.card(), lan.announced.getLast());
    }
}
