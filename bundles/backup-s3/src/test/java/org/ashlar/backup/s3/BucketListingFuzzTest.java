package org.ashlar.backup.s3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever a server sends, the reader takes objects with a name and a size from it, or says that it is none. */
class BucketListingFuzzTest {
    @FuzzTest
    void answer(byte[] bytes) {
        try {
            BucketListing.read(new ByteArrayInputStream(bytes), (key, size) ->
                    assertTrue(!key.isEmpty() && key.length() <= BucketListing.MAX_TEXT && size >= 0));
        } catch (IOException e) {
            assertTrue(e.getMessage() != null);
        }
    }
}
