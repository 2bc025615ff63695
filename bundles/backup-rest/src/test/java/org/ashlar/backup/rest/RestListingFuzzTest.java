package org.ashlar.backup.rest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever a server lists: names and sizes that are none below zero, or an {@link IOException}. */
class RestListingFuzzTest {
    @FuzzTest
    void list(byte[] input) {
        try {
            RestListing.read(new ByteArrayInputStream(input), 1 << 16, (name, size) -> assertTrue(size >= 0 && name.length() <= 1000));
        } catch (IOException refused) {
            // the other permitted end
        }
    }
}
