package org.ashlar.dns;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.xbill.DNS.Message;

/** Whatever a name server answers: it is read within bounds. With {@code JAZZER_FUZZ=1} Jazzer searches. */
class RecordsFuzzTest {
    @FuzzTest
    void answer(byte[] input) {
        Message message;
        try {
            message = new Message(input);
        } catch (IOException | RuntimeException refused) {
            return;
        }
        Records.read("bob.test", message).ifPresent(found -> assertTrue(found.cards().size() <= Records.MAX_CARDS));
    }
}
