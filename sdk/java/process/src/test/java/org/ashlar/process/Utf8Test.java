package org.ashlar.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\u007f", "ends in ü", "\u0080", "日本", "\ud83d\ude00", "half \ud83d"})
    void textIsCodedAsTheJdkDoesIt(String text) {
        byte[] bytes = text.getBytes(UTF_8);

        assertArrayEquals(bytes, Utf8.encode(text));
        assertEquals(new String(bytes, UTF_8), Utf8.decode(bytes));
    }
}
