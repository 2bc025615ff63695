package org.ashlar.lan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardRecord;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * What nodes say by multicast DNS (RFC 6762): DNS-SD's records (RFC 6763) of the service {@code _ashlar._tcp}, with the card in
 * the TXT record ({@link CardRecord}). An instance is named after its node and its key, so that two nodes which claim one name
 * are two instances. Pure.
 */
final class Records {
    /** Longest packet sent or read, in bytes (RFC 6762, 17). */
    static final int MAX_PACKET = 9_000;
    /** Cards read of one packet. */
    static final int MAX_CARDS = 8;
    /** How long others may remember an announcement, in seconds. */
    static final int TTL = 120;

    private static final Name SERVICE = name("_ashlar._tcp.local.");
    private static final Name SERVICES = name("_services._dns-sd._udp.local.");
    /** The record replaces what was known at its name (RFC 6762, 10.2). */
    private static final int UNIQUE = 0x8000 | DClass.IN;
    private static final int LABEL_OF_NAME = 46;
    private static final int KEY_BYTES = 8;

    private Records() { }

    /**
     * A card as it was read.
     *
     * @param seconds how long it may be remembered; 0: the node says that it goes
     */
    record Heard(CardText card, long seconds) { }

    private static Name name(String text) {
        try {
            return Name.fromString(text);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String label(NodeCard card) {
        String plain = card.name().replace('.', '-');
        return plain.substring(0, Math.min(plain.length(), LABEL_OF_NAME)) + '-' + HexFormat.of().formatHex(card.key(), 0, KEY_BYTES);
    }

    /** Asks for all nodes. */
    static byte[] query() {
        Message query = new Message(0);
        query.getHeader().unsetFlag(Flags.RD);
        query.addRecord(Record.newRecord(SERVICE, Type.PTR, DClass.IN), Section.QUESTION);
        return query.toWire();
    }

    /** Says where a node is. @param seconds how long that holds; 0: not any more */
    static byte[] announcement(CardText text, int seconds) {
        NodeCard card = text.card();
        Name instance = name(label(card) + "." + SERVICE);
        Name host = name(label(card) + ".local.");
        Message message = new Message(0);
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setFlag(Flags.AA);
        message.addRecord(new PTRRecord(SERVICES, DClass.IN, seconds, SERVICE), Section.ANSWER);
        message.addRecord(new PTRRecord(SERVICE, DClass.IN, seconds, instance), Section.ANSWER);
        int port = card.addresses().isEmpty() ? 0 : card.addresses().getFirst().port();
        message.addRecord(new SRVRecord(instance, UNIQUE, seconds, 0, 0, port, host), Section.ANSWER);
        message.addRecord(new TXTRecord(instance, UNIQUE, seconds,
                CardRecord.of(text).stream().map(string -> new String(string, US_ASCII)).toList()), Section.ANSWER);
        card.addresses().stream().map(NodeAddress::host).distinct().forEach(address -> literal(address).ifPresent(
                ip -> message.addRecord(ip.getAddress().length == 4 ? new ARecord(host, UNIQUE, seconds, ip)
                        : new AAAARecord(host, UNIQUE, seconds, ip), Section.ANSWER)));
        return message.toWire();
    }

    /** The address that {@code host} is; empty when it is a name. */
    static Optional<InetAddress> literal(String host) {
        try {
            byte[] bytes = Address.toByteArray(host, Address.IPv4);
            bytes = bytes != null ? bytes : Address.toByteArray(host, Address.IPv6);
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads a packet. @throws CodecException when it is no message */
    static Message parse(byte[] packet) {
        try {
            return new Message(packet);
        } catch (IOException | RuntimeException e) {
            throw new CodecException("no DNS message: " + e.getMessage(), e);
        }
    }

    /** Whether {@code message} asks for nodes. */
    static boolean asks(Message message) {
        return !message.getHeader().getFlag(Flags.QR) && message.getSection(Section.QUESTION).stream()
                .anyMatch(question -> question.getName().subdomain(SERVICE) || question.getName().equals(SERVICES));
    }

    /** The cards in {@code message}, at most {@link #MAX_CARDS}; their signatures are not checked. What is none is passed over. */
    static List<Heard> cards(Message message) {
        List<Heard> cards = new ArrayList<>();
        if (!message.getHeader().getFlag(Flags.QR)) {
            return cards;
        }
        for (int section : List.of(Section.ANSWER, Section.ADDITIONAL)) {
            for (Record record : message.getSection(section)) {
                if (record instanceof TXTRecord txt && record.getName().subdomain(SERVICE) && cards.size() < MAX_CARDS) {
                    try {
                        cards.add(new Heard(CardRecord.parse(txt.getStringsAsByteArrays()), txt.getTTL()));
                    } catch (CodecException none) {
                        // another version's, or nobody's
                    }
                }
            }
        }
        return cards;
    }
}
