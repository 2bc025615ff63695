package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A signed card as the strings of a TXT record (RFC 1035 3.3.14), for DNS and multicast DNS alike: put together they are
 * {@code v=ashlar1} and, after a space, the card as {@link CardText} has it, with its signature. Other records at the same name
 * begin with something else and are passed over.
 */
public final class CardRecord {
    /** Longest string of a TXT record, in bytes. */
    public static final int MAX_STRING = 255;

    private static final String VERSION = "v=ashlar1 ";
    private static final int MAX = VERSION.length() + CardText.MAX;

    private CardRecord() { }

    /** The strings; all but the last are full. */
    public static List<byte[]> of(CardText card) {
        byte[] text = (VERSION + card).getBytes(US_ASCII);
        List<byte[]> strings = new ArrayList<>();
        for (int at = 0; at < text.length; at += MAX_STRING) {
            strings.add(Arrays.copyOfRange(text, at, Math.min(text.length, at + MAX_STRING)));
        }
        return strings;
    }

    /** @throws CodecException when {@code strings} are no card or have no signature, which is not checked */
    public static CardText parse(List<byte[]> strings) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] string : strings) {
            if (bytes.size() + string.length > MAX) {
                throw new CodecException("a TXT record with a card has at most " + MAX + " bytes");
            }
            bytes.writeBytes(string);
        }
        String text = bytes.toString(US_ASCII);
        if (!text.startsWith(VERSION)) {
            throw new CodecException("this TXT record is no card: it does not begin with \"" + VERSION + "\"");
        }
        CardText card = CardText.parse(text.substring(VERSION.length()));
        if (card.signature().isEmpty()) {
            throw new CodecException("the card of " + card.card().name() + " in a TXT record has no signature");
        }
        return card;
    }
}
