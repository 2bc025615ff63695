package org.ashlar.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RememberedTest {
    @TempDir
    Path folder;
    private Home home;

    @BeforeEach
    void layOut() throws Exception {
        home = new Home(folder);
        Files.createDirectory(folder.resolve("config"));
    }

    private Map<String, String> up(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("up"));
        all.addAll(List.of(words));
        Map<String, String> options = Remembered.options(home, CommandLine.parse(all));
        Remembered.keep(home, options);
        return options;
    }

    @Test
    void whatWasToldIsKeptUntilItIsToldOtherwise() throws Exception {
        assertEquals(Map.of(), up());
        assertEquals(Map.of("listen", "0.0.0.0", "port", "7000"), up("--listen", "0.0.0.0", "--port", "7000"));
        assertEquals(Map.of("listen", "0.0.0.0", "port", "7000"), up());
        assertEquals(Map.of("listen", "::1", "port", "7000", "host", "node.example.org"), up("--listen", "::1", "--host", "node.example.org"));
        assertEquals(Map.of("listen", "none", "lan", ""), up("--forget", "--lan", "--listen", "none"));
        assertEquals(Map.of("listen", "none", "lan", ""), up());
        assertEquals(Map.of("ashlar.net.listen", "none", "ashlar.lan", "true"), Remembered.properties(up()));
        assertEquals(Map.of(), up("--forget"));
        assertEquals(Map.of(), up());
        CommandLine line = CommandLine.parse(List.of("up", "--forget", "--lan", "--port", "7000", "--detach"));
        assertEquals(List.of("--port", "7000", "--lan", "--forget"), Remembered.words(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port=0", "--port=65535", "--port=x", "--listen=a b", "--host="})
    void whatIsNoneIsWrongUsageAndNotKept(String word) throws Exception {
        up("--port", "7000");
        assertThrows(CommandLine.UsageException.class, () -> up(word));
        assertEquals(Map.of("port", "7000"), up());
    }

    @ParameterizedTest
    @ValueSource(strings = {"port=99999\n", "nonsense\n", "home=x\n", "lan=x\n", "\u00ff"})
    void aFileThatSaysSomethingElseIsTold(String text) throws Exception {
        Files.write(folder.resolve("config/up"), text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(LaunchException.class, this::up).getMessage().contains("delete it"));
    }
}
