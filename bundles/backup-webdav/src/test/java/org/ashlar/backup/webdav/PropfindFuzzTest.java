package org.ashlar.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever a server answers: resources of bounded size, or an {@link IOException}. */
class PropfindFuzzTest {
    @FuzzTest
    void answer(byte[] input) {
        try {
            Propfind.read(new ByteArrayInputStream(input), resource -> assertTrue(resource.href().length() <= Propfind.MAX_TEXT
                    && resource.size().orElse(0) >= 0));
        } catch (IOException refused) {
            // the other permitted end
        }
    }
}
