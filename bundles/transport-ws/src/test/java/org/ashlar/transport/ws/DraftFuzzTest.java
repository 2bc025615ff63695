package org.ashlar.transport.ws;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.ashlar.api.net.Link;

/**
 * Whatever the other side sends, however it is cut: messages no longer than one may be, or an {@link IOException}. With
 * {@code JAZZER_FUZZ=1} Jazzer searches; without, it runs the inputs kept beside the test.
 */
class DraftFuzzTest {
    @FuzzTest
    void frames(FuzzedDataProvider data) {
        Draft draft = new Draft(data.consumeBoolean());
        try {
            while (data.remainingBytes() > 0) {
                byte[] piece = data.consumeBytes(data.consumeInt(1, 70_000));
                for (Draft.Came came : draft.read(piece, 0, piece.length)) {
                    if (came instanceof Draft.Came.Message(byte[] bytes)) {
                        assertTrue(bytes.length <= Link.MAX_PIECE);
                    }
                }
            }
        } catch (IOException refused) {
            // the other permitted end
        }
    }

    @FuzzTest
    void upgrade(byte[] head) {
        for (boolean client : new boolean[] {true, false}) {
            Draft draft = new Draft(client);
            if (client) {
                draft.ask("x");
            }
            try {
                draft.upgrade(head);
            } catch (IOException refused) {
                // the other permitted end
            }
        }
    }
}
