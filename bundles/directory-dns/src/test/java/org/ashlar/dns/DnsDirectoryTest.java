package org.ashlar.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardRecord;
import org.ashlar.codec.CardText;
import org.ashlar.tck.DirectoryContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TXTRecord;

/** Asks a name server on loopback. */
class DnsDirectoryTest extends DirectoryContract {
    private final Zone zone = new Zone();
    private final DnsDirectory here = new DnsDirectory(Optional.of(zone.server()));

    DnsDirectoryTest() throws IOException { }

    @Override
    protected DnsDirectory directory() {
        return here;
    }

    /** As whoever keeps the zone does: a node that moves has its record replaced. */
    @Override
    protected void publish(NodeCard card, byte[] signature) throws IOException {
        Name name = Name.fromString("_ashlar." + card.name() + ".");
        zone.records.getOrDefault(name, new ArrayList<>()).removeIf(record -> {
            try {
                return Arrays.equals(CardRecord.parse(((TXTRecord) record).getStringsAsByteArrays()).card().key(), card.key());
            } catch (RuntimeException other) {
                return false;
            }
        });
        zone.add(new TXTRecord(name, DClass.IN, 300, CardRecord.of(new CardText(card, Optional.of(signature))).stream()
                .map(string -> new String(string, US_ASCII)).toList()));
    }

    @AfterEach
    void close() throws IOException {
        here.close();
        zone.close();
    }

    @Test
    void aLongCardComesOverTcpAndOtherRecordsDoNotMatter() throws Exception {
        Node bob = Node.of("bob.test");
        NodeCard card = new NodeCard("bob.test", bob.card(1).key(),
                Collections.nCopies(16, new NodeAddress("tcp", "a.host.with.a.long.name.example.org", 10_000)), List.of());
        zone.add(new TXTRecord(Name.fromString("_ashlar.bob.test."), DClass.IN, 300, "v=spf1 -all"));
        publish(card, bob.sign(card));
        here.search("bob.test");
        assertEquals(List.of(card), here.find("bob.test"));
        assertEquals(2, zone.asked.get(), "UDP, then TCP");
    }

    @Test
    void whatIsRememberedAnswersWithoutAskingAndGoesWithItsRecord() throws Exception {
        Node bob = Node.of("bob.test");
        publish(bob.card(1), bob.sign(bob.card(1)));
        here.search("bob.test");
        int asked = zone.asked.get();
        assertEquals(List.of(bob.card(1)), here.find("bob.test"));
        assertEquals(List.of(bob.card(1)), here.list());
        assertEquals(asked, zone.asked.get());
        zone.records.clear();
        here.search("bob.test");
        assertEquals(List.of(), here.list());
    }

    @Test
    void theCardOfAnotherNameIsPassedOver() throws Exception {
        Node bob = Node.of("bob.test");
        zone.add(new TXTRecord(Name.fromString("_ashlar.alice.test."), DClass.IN, 300,
                CardRecord.of(new CardText(bob.card(1), Optional.of(bob.sign(bob.card(1))))).stream().map(s -> new String(s, US_ASCII)).toList()));
        here.search("alice.test");
        assertEquals(List.of(), here.list());
    }

    @Test
    void aServerThatFailsOrIsSilentIsToldAndForgetsNothing() throws Exception {
        Node bob = Node.of("bob.test");
        publish(bob.card(1), bob.sign(bob.card(1)));
        here.search("bob.test");
        zone.code = Rcode.SERVFAIL;
        assertEquals(zone.server() + " answers SERVFAIL", assertThrows(IOException.class, () -> here.search("bob.test")).getMessage());
        zone.silent = true;
        assertEquals("no answer from " + zone.server(), assertThrows(IOException.class, () -> here.search("bob.test")).getMessage());
        assertEquals(List.of(bob.card(1)), here.find("bob.test"));
    }

    @Test
    void namesThatDnsCannotHaveAndServersThatAreNoneAreRefused() throws Exception {
        assertTrue(assertThrows(IOException.class, () -> here.search("a..b")).getMessage().contains("cannot be a name in DNS"));
        assertTrue(assertThrows(IOException.class, () -> here.search("a".repeat(64))).getMessage().contains("cannot be a name in DNS"));
        assertTrue(assertThrows(IOException.class, () -> new DnsDirectory(Optional.of("none")).search("bob.test")).getMessage().contains("--dns none"));
        assertEquals(53, DnsDirectory.address("2001:db8::1").getPort());
        assertEquals(5_300, DnsDirectory.address("[2001:db8::1]:5300").getPort());
        assertEquals(5_300, DnsDirectory.address("127.0.0.1:5300").getPort());
        assertThrows(IOException.class, () -> DnsDirectory.address("127.0.0.1:x"));
        assertThrows(IOException.class, () -> DnsDirectory.address("127.0.0.1:70000"));
    }
}
