package org.ashlar.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardRecord;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.noise.CardSignature;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A node's cards are TXT records ({@link CardRecord}) at {@code _ashlar.NAME}. Pure. */
final class Records {
    /** Cards read of one answer. */
    static final int MAX_CARDS = 8;
    /** TXT records looked at in one answer. */
    static final int MAX_RECORDS = 64;

    private static final String LABEL = "_ashlar.";

    private Records() { }

    /**
     * What an answer says of a node.
     *
     * @param cards   with the name asked for and a signature that fits
     * @param seconds how long it holds
     */
    record Found(List<NodeCard> cards, long seconds) { }

    /** @throws IOException when no name of DNS is made of this node's */
    static Message query(String node) throws IOException {
        try {
            return Message.newQuery(Record.newRecord(Name.fromString(LABEL + node, Name.root), Type.TXT, DClass.IN));
        } catch (TextParseException e) {
            throw new IOException("\"" + node + "\" cannot be a name in DNS: " + e.getMessage(), e);
        }
    }

    /**
     * Reads an answer; other records are passed over, and so are cards of other names or whose signature does not fit.
     *
     * @return empty when the server says nothing of the name, and not that there is none
     */
    static Optional<Found> read(String node, Message answer) {
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return Optional.empty();
        }
        List<NodeCard> cards = new ArrayList<>();
        long seconds = Long.MAX_VALUE;
        List<TXTRecord> records = answer.getSection(Section.ANSWER).stream().filter(TXTRecord.class::isInstance)
                .map(TXTRecord.class::cast).limit(MAX_RECORDS).toList();
        for (TXTRecord record : records) {
            try {
                CardText text = CardRecord.parse(record.getStringsAsByteArrays());
                if (cards.size() < MAX_CARDS && text.card().name().equals(node) && CardSignature.fits(text)) {
                    cards.add(text.card());
                    seconds = Math.min(seconds, record.getTTL());
                }
            } catch (CodecException none) {
                // for another purpose, or damaged
            }
        }
        return Optional.of(new Found(cards, seconds));
    }
}
