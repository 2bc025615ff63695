package org.ashlar.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recovery phrases. The vectors are those that BIP-39 itself publishes. */
class PhraseTest {
    private static final String ZEROS = "abandon ".repeat(23) + "art";

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "0000000000000000000000000000000000000000000000000000000000000000, abandon abandon abandon abandon abandon abandon abandon abandon abandon"
            + " abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo"
            + " zoo zoo zoo zoo zoo vote",
        "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c, hamster diagram private dutch cause delay private meat slide toddler razor"
            + " book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length"})
    void areThoseOfTheStandard(String seed, String words) {
        byte[] bytes = HexFormat.of().parseHex(seed);
        assertEquals(words, String.join(" ", Phrase.of(bytes)));
        assertArrayEquals(bytes, Phrase.seed(words));
    }

    @Test
    void theWordsAreReadHoweverTheyAreWritten() {
        assertArrayEquals(new byte[32], Phrase.seed(" 1. " + ZEROS.toUpperCase(java.util.Locale.ROOT).replace(" ", ",\n 2) ") + "."));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertTrue(refusal(ZEROS.replace("art", "arz")).contains("Word 24, \"arz\", is none"));
        assertTrue(refusal(ZEROS.replaceFirst("abandon", "abandun")).contains("Word 1, \"abandun\", is none of a recovery phrase; there are: abandon."));
        assertTrue(refusal(ZEROS.replaceFirst("abandon", "ability")).contains("wrong place"));
        assertTrue(refusal("abandon ability").contains("24 words, and these are 2"));
        assertTrue(refusal("").contains("these are 0"));
        assertTrue(refusal(ZEROS + " art").contains("these are 25"));
    }

    private static String refusal(String phrase) {
        return assertThrows(IdentityException.class, () -> Phrase.seed(phrase)).getMessage();
    }

    @Test
    void aNodeIsMadeAgainFromItsWords() throws Exception {
        char[] none = {};
        String words = OfflineKey.create(home.resolve("one"), "alice.os", "secret".toCharArray());
        assertEquals(words, OfflineKey.exportPhrase(home.resolve("one"), "secret".toCharArray()));
        OfflineKey.importPhrase(home.resolve("two"), "alice.os", words, none);
        assertEquals(words, OfflineKey.exportPhrase(home.resolve("two"), none));
        assertEquals(24, Arrays.stream(words.split(" ")).count());
    }
}
