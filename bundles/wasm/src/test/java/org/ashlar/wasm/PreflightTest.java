package org.ashlar.wasm;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.ashlar.api.wasm.WasmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each of these once made the parser take gigabytes, or never come back. */
class PreflightTest {
    private static final String HEADER = "00 61 73 6D 01 00 00 00 ";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "parameters,      01 07 01 60 FF FF FF FF 07",
        "results,         01 08 01 60 00 FF FF FF FF 07",
        "supertypes,      01 07 01 50 FF FF FF FF 07",
        "recursion group, 01 07 01 4E FF FF FF FF 07",
        "struct fields,   01 07 01 5F FF FF FF FF 07",
        "element members, 09 0A 01 00 41 00 0B FF FF FF FF 07",
        "data bytes,      0B 07 01 01 FF FF FF FF 07"})
    void countsThatNothingFollows(String what, String section) {
        assertTrue(refused(section).contains("unexpected end"), what);
    }

    @Test
    void localsBeyondTheLimitOfAFunction() {
        assertTrue(refused("0A 0A 01 08 02 D0 86 03 7F 01 7F 0B").contains("too many locals"));
        assertDoesNotThrow(() -> Preflight.check(bytes("0A 08 01 06 01 D0 86 03 7F 0B")));
    }

    private static String refused(String section) {
        return assertThrows(WasmException.class, () -> Preflight.check(bytes(section))).getMessage();
    }

    private static byte[] bytes(String section) {
        return HexFormat.ofDelimiter(" ").parseHex(HEADER + section);
    }
}
