package org.ashlar.packages;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.ashlar.api.message.PackageId;

/**
 * Whatever is sent as a package is read or refused. With {@code JAZZER_FUZZ=1} Jazzer searches; without, it runs the inputs
 * kept beside the test.
 */
class PackageReaderFuzzTest {
    private static final Optional<PackageId> OWNER = Optional.of(PackageId.parse("chat:alice.os"));

    @FuzzTest
    void inspect(byte[] input) throws IOException {
        try {
            PackageReader.inspect(new ByteArrayInputStream(input), OWNER);
        } catch (PackageException refused) {
            // the other permitted end
        }
    }
}
