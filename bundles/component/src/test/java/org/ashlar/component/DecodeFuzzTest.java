package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Components come from strangers. Run with the environment variable {@code JAZZER_FUZZ=1} it searches for bytes that break
 * the rule; without, it tries the seeds.
 */
class DecodeFuzzTest {
    private static final int SEED_BYTES = 40_000;

    static List<byte[]> validComponents() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        TestComponents.NAMES.forEach(name -> seeds.add(TestComponents.bytes(name)));
        for (Path guest : RealGuestsTest.guests()) {
            if (Files.size(guest) < SEED_BYTES) {
                seeds.add(Files.readAllBytes(guest));
            }
        }
        return seeds;
    }

    @MethodSource("validComponents")
    @FuzzTest(maxDuration = "10m")
    void decodingEndsWithAComponentOrOneLine(byte[] bytes) {
        try {
            Component.decode(bytes).exports().values().forEach(Object::toString);
        } catch (ComponentException e) {
            assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"), e.getMessage());
        }
    }
}
