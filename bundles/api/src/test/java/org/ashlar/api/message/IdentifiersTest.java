package org.ashlar.api.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ashlar.api.message.IdentifierException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    @ParameterizedTest
    @ValueSource(strings = {"alice.os@chat:chat:alice.os", "a@b:c:d", "our@0-1:2-3:4.5-6"})
    void anAddressIsReadAndWrittenBack(String text) {
        assertEquals(text, Address.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
            "chat:chat, MISSING_NODE_ID", "@chat:chat:os, MISSING_NODE_ID", "a@b@c:d:e, TOO_MANY_ATS",
            "a@b:c, MISSING_FIELD", "a@b::d, MISSING_FIELD", "a@b:c:, MISSING_FIELD", "a@b:c:d:e, TOO_MANY_COLONS",
            "A@b:c:d, INVALID_CHARACTER", "a@b_c:d:e, INVALID_CHARACTER", "a@b.c:d:e, INVALID_CHARACTER",
            "a@b:c.d:e, INVALID_CHARACTER", "a b@c:d:e, INVALID_CHARACTER", "a@b:c:d/e, INVALID_CHARACTER"})
    void whatIsNoAddressIsRejectedWithItsKind(String text, Kind kind) {
        assertEquals(kind, assertThrows(IdentifierException.class, () -> Address.parse(text)).kind());
    }

    @Test
    void aRejectionNamesTheValueAndWhatIsAllowed() {
        String message = assertThrows(IdentifierException.class, () -> ProcessId.parse("my_chat:chat:os")).getMessage();
        assertEquals("the process name \"my_chat\" may contain only a-z, 0-9 and '-'", message);
    }

    @Test
    void aNameThatIsTooLongIsRejectedAndShownShortened() {
        String message = assertThrows(IdentifierException.class, () -> PackageId.parse("a".repeat(101) + ":os")).getMessage();
        assertTrue(message.contains("101 characters; at most 100"), message);
        assertTrue(message.length() < 200, message);
    }

    @Test
    void ourIsReplacedByTheNodesName() {
        assertEquals("alice.os@a:b:c", Address.parse("our@a:b:c").resolve("alice.os").toString());
        assertEquals("bob.os@a:b:c", Address.parse("bob.os@a:b:c").resolve("alice.os").toString());
    }
}
