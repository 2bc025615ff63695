package org.ashlar.lan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.ashlar.codec.CodecException;
import org.xbill.DNS.Message;

/** Whatever a packet holds: it is read within bounds or refused. With {@code JAZZER_FUZZ=1} Jazzer searches. */
class RecordsFuzzTest {
    @FuzzTest
    void packet(byte[] input) {
        Message message;
        try {
            message = Records.parse(input);
        } catch (CodecException refused) {
            return;
        }
        Records.asks(message);
        List<Records.Heard> cards = Records.cards(message);
        assertTrue(cards.size() <= Records.MAX_CARDS);
        cards.forEach(heard -> Records.announcement(heard.card(), Records.TTL));
    }
}
