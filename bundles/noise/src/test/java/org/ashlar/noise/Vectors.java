package org.ashlar.noise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;

/** Public test vectors, in the folder that the system property {@code conformance.dir} names. */
final class Vectors {
    private Vectors() { }

    /** Without the property the test is skipped, with a line that says so. */
    static Path file(String name) {
        String folder = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(folder.isEmpty(),
                "the public vectors are not there: give their folder as -Dconformance.dir=FOLDER");
        return Path.of(folder, name);
    }

    static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file(name)));
    }

    static byte[] hex(JsonNode object, String field) {
        return HexFormat.of().parseHex(object.path(field).asText());
    }
}
