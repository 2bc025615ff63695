package org.ashlar.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {

    @Test
    void anAddressIsReadFromItsText() {
        Address address = Address.parse("alice.os@chat:talk-1:dev.ashlar.os");

        assertEquals(new Address("alice.os", new ProcessId("chat", "talk-1", "dev.ashlar.os")), address);
        assertEquals("alice.os@chat:talk-1:dev.ashlar.os", address.toString());
    }

    @Test
    void aSiblingIsInTheSamePackageOnTheSameNode() {
        assertEquals("a.os@pong:game:b.os", Address.parse("a.os@ping:game:b.os").sibling("pong").toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''         | '' is no address
            a.os       | 'a.os' is no address
            a@b@p:q:r  | 'a@b@p:q:r' is no address
            @p:q:r     | '@p:q:r' has an empty node
            a.os@p:q   | 'p:q' is no process id
            a.os@p:q:r:s | 'p:q:r:s' is no process id
            a.os@:q:r  | ':q:r' has an empty process name
            a.os@p::r  | 'p::r' has an empty package name
            a.os@p:q:  | 'p:q:' has an empty publisher
            A.os@p:q:r | 'A.os'
            a.os@p_1:q:r | 'p_1'
            a.os@p:q.1:r | 'q.1'
            a os@p:q:r | 'a os'
            """, quoteCharacter = '"')
    void malformedTextIsRefusedAndItsFaultNamed(String text, String fault) {
        String given = text.equals("''") ? "" : text;

        var refusal = assertThrows(IllegalArgumentException.class, () -> Address.parse(given));

        assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
    }
}
