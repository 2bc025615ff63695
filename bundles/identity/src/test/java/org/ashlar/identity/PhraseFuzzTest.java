package org.ashlar.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whatever somebody writes down as their recovery phrase: it is refused in words, or it is one key and that key's phrase. */
class PhraseFuzzTest {
    @FuzzTest
    void text(byte[] input) {
        check(new String(input, StandardCharsets.UTF_8));
    }

    /** Words of the list in any order: mostly the check at the end of the phrase does not fit. */
    @FuzzTest
    void words(FuzzedDataProvider data) {
        String[] words = Phrase.of(Arrays.copyOf(data.consumeBytes(NodeKey.SEED), NodeKey.SEED)).toArray(String[]::new);
        for (int i = 0; i < words.length && data.remainingBytes() > 0; i++) {
            words[i] = words[data.consumeInt(0, words.length - 1)];
        }
        check(String.join(data.consumeBoolean() ? " " : "\n", words));
    }

    private static void check(String text) {
        byte[] seed;
        try {
            seed = Phrase.seed(text);
        } catch (IdentityException refused) {
            return;
        }
        assertEquals(NodeKey.SEED, seed.length);
        assertArrayEquals(seed, Phrase.seed(String.join(" ", Phrase.of(seed))));
    }
}
