package org.ashlar.api.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityTest {
    private static final Address ISSUER = Address.parse("alice.os@vfs:distro:sys");

    private static Capability of(String params) {
        return new Capability(ISSUER, params);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"a\":1,\"b\":2} | { \"b\" : 2, \"a\" : 1 }", "[1,2] | [ 1 , 2 ]", "\"A\" | \"\\u0041\"",
            "1.0 | 1.00", "1e2 | 100.0", "{\"a\":1,\"a\":2} | {\"a\":2}", "18446744073709551616 | 1.8446744073709551616e19",
            "{\"a\":{\"x\":[],\"y\":null}} | {\"a\":{\"y\":null,\"x\":[ ]}}"})
    void equalValuesAreEqualHoweverTheyAreWritten(String one, String other) {
        assertEquals(of(one), of(other));
        assertEquals(of(one).hashCode(), of(other).hashCode());
        assertEquals(of(one).canonical(), of(other).canonical());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1 | 1.0", "[1,2] | [2,1]", "\"1\" | 1", "{} | []", "true | \"true\"",
            "{\"a\":\"b,c\"} | {\"a\":\"b\",\"c\":null}", "\"\\\"\" | \"\\\\\"", "-0 | 0", "{\"a\":1} | null"})
    void differentValuesDiffer(String one, String other) {
        assertNotEquals(of(one), of(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "messaging", "{", "[1,]", "{\"a\":1,}", "01", "1.", "\"a", "nul", "1 2", "'a'", "\"\\x\"",
            "\"\t\"", "+1", "1e999"})
    void whatIsNoJsonEqualsNull(String text) {
        assertEquals(of("null"), of(text));
    }

    @Test
    void nestingBeyondTheLimitIsNoJson() {
        assertNotEquals(of("null"), of("[".repeat(100) + "]".repeat(100)));
        assertEquals(of("null"), of("[".repeat(100_000) + "]".repeat(100_000)));
    }

    @Test
    void theIssuersNodeCounts() {
        assertNotEquals(Capability.messaging(ISSUER), Capability.messaging(Address.parse("bob.os@vfs:distro:sys")));
    }
}
