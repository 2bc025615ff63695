package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A node's seed as words that a person can write down: BIP-39, English, 24 words for 32 bytes, the last eight bits of which are
 * the beginning of the bytes' SHA-256. The words are the seed itself; no password goes into them.
 */
final class Phrase {
    static final int WORDS = 24;
    private static final int BITS = 11;
    /** The list comes with a library whose jar the build takes it from. */
    private static final String LIST = "/en-mnemonic-word-list.txt";
    private static final List<String> ENGLISH = english();

    private Phrase() { }

    private static List<String> english() {
        try (InputStream in = Phrase.class.getResourceAsStream(LIST)) {
            List<String> words = new String(in.readAllBytes(), US_ASCII).lines().toList();
            if (words.size() != 1 << BITS) {
                throw new IllegalStateException(LIST + " has " + words.size() + " words");
            }
            return words;
        } catch (IOException e) {
            throw new IllegalStateException(LIST + " cannot be read", e);
        }
    }

    /** The words for {@code seed}, 32 bytes. */
    static List<String> of(byte[] seed) {
        byte[] all = Arrays.copyOf(seed, NodeKey.SEED + 1);
        all[NodeKey.SEED] = Keyfile.sha256(seed)[0];
        List<String> words = new ArrayList<>();
        for (int word = 0; word < WORDS; word++) {
            int index = 0;
            for (int bit = word * BITS; bit < (word + 1) * BITS; bit++) {
                index = index << 1 | all[bit / 8] >> 7 - bit % 8 & 1;
            }
            words.add(ENGLISH.get(index));
        }
        Arrays.fill(all, (byte) 0);
        return words;
    }

    /**
     * The seed that {@code text} gives in words, whatever their case and whatever is between them that is no letter.
     *
     * @throws IdentityException when it is no phrase: names the first word that is none
     */
    static byte[] seed(String text) {
        List<String> words = Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z]+")).filter(word -> !word.isEmpty()).toList();
        byte[] all = new byte[NodeKey.SEED + 1];
        for (int word = 0; word < Math.min(words.size(), WORDS); word++) {
            int index = index(words.get(word), word + 1);
            for (int bit = 0; bit < BITS; bit++) {
                int place = word * BITS + bit;
                all[place / 8] |= (byte) ((index >> BITS - 1 - bit & 1) << 7 - place % 8);
            }
        }
        if (words.size() != WORDS) {
            throw new IdentityException("A recovery phrase has " + WORDS + " words, and these are " + words.size() + ".");
        }
        byte[] seed = Arrays.copyOf(all, NodeKey.SEED);
        if (Keyfile.sha256(seed)[0] != all[NodeKey.SEED]) {
            throw new IdentityException("Each of these words is one of a recovery phrase, but together they are none: one is in the"
                    + " wrong place or taken for another.");
        }
        return seed;
    }

    private static int index(String word, int number) {
        int index = Collections.binarySearch(ENGLISH, word);
        if (index >= 0) {
            return index;
        }
        String near = String.join(", ", ENGLISH.stream().filter(known -> word.length() >= 3 && known.startsWith(word.substring(0, 3))).toList());
        throw new IdentityException("Word " + number + ", \"" + (word.length() > 20 ? word.substring(0, 20) + "…" : word)
                + "\", is none of a recovery phrase" + (near.isEmpty() ? "." : "; there are: " + near + "."));
    }
}
