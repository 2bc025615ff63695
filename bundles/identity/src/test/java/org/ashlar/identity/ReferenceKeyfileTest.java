package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keyfiles of the reference implementation (M31). */
class ReferenceKeyfileTest {
    private static final char[] NONE = {};

    @TempDir
    Path folder;

    @Test
    void m31_aKeyfileThatTheReferenceWroteIsImported() throws Exception {
        String vectors = System.getProperty("conformance.dir", "");
        assumeFalse(vectors.isEmpty(), "the vectors are named by -Dconformance.dir");
        Map<String, String> vector = fields(Path.of(vectors, "reference-sessions", "keyfile.json"));
        Path keys = Files.writeString(folder.resolve(".keys"), vector.get("keys"));
        char[] password = vector.get("password_hash").toCharArray();
        List<String> told = OfflineKey.importReference(folder.resolve("home"), keys, password, "ours".toCharArray());
        assertEquals(vector.get("username"), told.getFirst());
        assertEquals(vector.get("ed25519_public").substring(0, 32), told.get(1).replace(" ", ""));
        assertEquals(vector.get("ed25519_seed"),
                HexFormat.of().formatHex(Phrase.seed(OfflineKey.exportPhrase(folder.resolve("home"), "ours".toCharArray()))));
        assertEquals(vector.get("keys"), new String(ReferenceKeyfile.parse(Files.readAllBytes(keys)).bytes(), UTF_8));
        String base64 = Base64.getEncoder().encodeToString(vector.get("keys").getBytes(UTF_8));
        assertEquals("alice.os", ReferenceKeyfile.parse(base64.getBytes(UTF_8)).name());
        IdentityException wrong = assertThrows(IdentityException.class,
                () -> OfflineKey.importReference(folder.resolve("other"), keys, "Secret".toCharArray(), NONE));
        assertTrue(wrong.getMessage().contains("the password does not open it"), wrong.getMessage());
        assertFalse(Files.exists(folder.resolve("other")));
    }

    private static Map<String, String> fields(Path json) throws Exception {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    fields.put(parser.currentName(), parser.getText());
                }
            }
        }
        return fields;
    }

    @Test
    void whatIsExportedCanBeImportedAndItsSecretsHaveTheirFullLength() throws Exception {
        String words = OfflineKey.create(folder.resolve("home"), "alice.os", NONE);
        Path file = folder.resolve("keys");
        OfflineKey.exportReference(folder.resolve("home"), NONE, "for the other".toCharArray(), file);
        ReferenceKeyfile read = ReferenceKeyfile.parse(Files.readAllBytes(file));
        assertEquals(List.of(12 + 83 + 16, 12 + 32 + 16, 12 + 32 + 16),
                List.of(read.key().length, read.webSecret().length, read.fileSecret().length));
        OfflineKey.importReference(folder.resolve("again"), file, "for the other".toCharArray(), NONE);
        assertEquals(words, OfflineKey.exportPhrase(folder.resolve("again"), NONE));
        byte[] before = Files.readAllBytes(file);
        assertThrows(IdentityException.class, () -> OfflineKey.exportReference(folder.resolve("home"), NONE, NONE, file));
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "{}", "[\"our\",[],[1],[1],[1],[1]]", "[\"a\",[],[],[1],[1],[1]]", "[\"a\",[],[1],[256],[1],[1]]",
        "[\"a\",[],[1],[-1],[1],[1]]", "[\"a\",[],[1],[1],[1]]", "[\"a\",[],[1],[1],[1],[1]] 2", "[\"a\",[1],[1],[1],[1],[1]]",
        "[\"a\",[],[99999999999],[1],[1],[1]]", "AAAA", "W10="})
    void whatIsNoKeyfileIsRefused(String text) {
        assertThrows(KeyfileException.class, () -> ReferenceKeyfile.parse(text.getBytes(UTF_8)));
    }

    @Test
    void aKeyThatIsCutOffIsTold() throws Exception {
        ReferenceKeyfile read = ReferenceKeyfile.parse("[\"a\",[],[1],[1],[1],[1]]".getBytes(UTF_8));
        assertTrue(assertThrows(KeyfileException.class, () -> read.open(NONE)).getMessage().contains("cut off"));
    }
}
