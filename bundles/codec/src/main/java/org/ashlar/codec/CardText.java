package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;

/**
 * A node's card as one line of text, for people to send each other:
 * {@code bob.os ed25519:<key> tcp://host:port ws://host:port via:router.os sig:<signature>}. Key in hex, signature in
 * base64 for URLs; addresses, routers and signature may be missing. The signature, by the card's own key, says that the line
 * was not damaged or changed on the way; whose the key is, it cannot say.
 *
 * @param card      what it says
 * @param signature 64 bytes; not to be modified
 */
public record CardText(NodeCard card, Optional<byte[]> signature) {
    /** Longest line read, in characters. */
    public static final int MAX = 8_192;

    private static final String DOMAIN = "ashlar card 1\n";
    private static final String KEY = "ed25519:";
    private static final String ROUTER = "via:";
    private static final String SIGNATURE = "sig:";

    /** The line without a signature. */
    public static String of(NodeCard card) {
        StringBuilder line = new StringBuilder(card.name()).append(' ').append(KEY).append(HexFormat.of().formatHex(card.key()));
        card.addresses().forEach(address -> line.append(' ').append(address));
        card.routers().forEach(router -> line.append(' ').append(ROUTER).append(router));
        return line.toString();
    }

    /** The bytes that a card's key signs. */
    public static byte[] signedBytes(NodeCard card) {
        return (DOMAIN + of(card)).getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return of(card) + signature.map(bytes -> " " + SIGNATURE + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                .orElse("");
    }

    /** @throws CodecException when {@code line} is no card; the signature is not checked */
    public static CardText parse(String line) {
        if (line.length() > MAX) {
            throw new CodecException("a card has at most " + MAX + " characters, not " + line.length());
        }
        String[] words = line.strip().split("\\s+");
        if (words.length < 2 || !words[1].startsWith(KEY)) {
            throw new CodecException("this is no card; it begins with a name and " + KEY + "…, as \"ashlar card\" prints it");
        }
        List<NodeAddress> addresses = new ArrayList<>();
        List<String> routers = new ArrayList<>();
        Optional<byte[]> signature = Optional.empty();
        try {
            for (int i = 2; i < words.length; i++) {
                String word = words[i];
                if (signature.isPresent()) {
                    throw new CodecException("a card ends with its signature, but here \"" + word + "\" comes after it");
                } else if (word.startsWith(ROUTER)) {
                    routers.add(word.substring(ROUTER.length()));
                } else if (word.startsWith(SIGNATURE)) {
                    signature = Optional.of(Base64.getUrlDecoder().decode(word.substring(SIGNATURE.length())));
                } else {
                    addresses.add(address(word));
                }
            }
            byte[] key = HexFormat.of().parseHex(words[1].substring(KEY.length()));
            return new CardText(new NodeCard(words[0], key, addresses, routers), signature);
        } catch (IllegalArgumentException e) {
            throw new CodecException("this is no card: " + e.getMessage(), e);
        }
    }

    private static NodeAddress address(String word) {
        int scheme = word.indexOf("://");
        int colon = word.lastIndexOf(':');
        if (scheme < 0 || colon <= scheme + 2) {
            throw new CodecException("\"" + word + "\" in the card is no address; expected protocol://host:port");
        }
        String host = word.substring(scheme + 3, colon);
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        try {
            return new NodeAddress(word.substring(0, scheme), brackets ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(word.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new CodecException("\"" + word + "\" in the card has no port", e);
        }
    }
}
