package org.ashlar.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFeatureTest {
    private static final String PID = "org.example.Part";

    @TempDir
    Path folder;
    private final NodeFeature feature = new NodeFeature(List.of(), Map.of(), Map.of(PID, Map.of("size", 1, "colour", "red")));

    private JsonObject configured(String pid) throws LaunchException {
        return Json.createReader(new StringReader(feature.configurator(folder))).readObject().getJsonObject(pid);
    }

    @Test
    void withoutFilesOfAPersonTheFeatureCounts() throws LaunchException {
        assertEquals("red", configured(PID).getString("colour"));
    }

    @Test
    void aPersonChangesSingleKeysAndAddsConfigurations() throws Exception {
        Files.writeString(folder.resolve("mine.json"), "{\"" + PID + "\": {\"size\": 2}, \"org.example.Other\": {\"a\": true}}");
        JsonObject part = configured(PID);
        assertEquals(2, part.getInt("size"));
        assertEquals("red", part.getString("colour"));
        assertTrue(configured("org.example.Other").getBoolean("a"));
    }

    @Test
    void filesAreReadInTheOrderOfTheirNames() throws Exception {
        Files.writeString(folder.resolve("b.json"), "{\"" + PID + "\": {\"size\": 3}}");
        Files.writeString(folder.resolve("a.json"), "{\"" + PID + "\": {\"size\": 2}}");
        Files.writeString(folder.resolve("notes.txt"), "no configuration");
        assertEquals(3, configured(PID).getInt("size"));
    }

    @Test
    void whatIsNoConfigurationIsRefusedWithTheNameOfItsFile() throws IOException {
        for (String text : List.of("", "{", "[]", "{\"" + PID + "\": 3}")) {
            Path file = Files.writeString(folder.resolve("mine.json"), text);
            LaunchException refused = assertThrows(LaunchException.class, () -> feature.configurator(folder), text);
            assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
        }
    }
}
