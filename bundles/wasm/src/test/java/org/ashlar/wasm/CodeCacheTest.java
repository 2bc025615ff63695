package org.ashlar.wasm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeCacheTest {
    @TempDir
    private Path folder;

    @Test
    void aFileUnderAnotherNameIsNotTakenForIt() throws IOException {
        cache().put("a", sized(10));
        Path a = files().getFirst();
        cache().put("b", sized(20));
        Path b = files().stream().filter(file -> !file.equals(a)).findFirst().orElseThrow();
        Files.copy(a, b, StandardCopyOption.REPLACE_EXISTING);
        assertTrue(cache().get("b").isEmpty());
    }

    @Test
    void theLeastRecentlyUsedGoesWhenItIsTooMuch() {
        at(1).put("a", sized(1000));
        at(2).put("b", sized(1000));
        assertTrue(at(3).get("a").isPresent());
        at(4).put("c", sized(1000));
        assertTrue(at(5).get("a").isPresent());
        assertTrue(at(5).get("b").isEmpty());
        assertTrue(at(5).get("c").isPresent());
    }

    @Test
    void whatIsLargerThanTheWholeCacheIsNotKept() {
        at(1).put("a", sized(1000));
        at(2).put("huge", sized(10_000));
        assertTrue(at(3).get("huge").isEmpty());
        assertTrue(at(3).get("a").isPresent());
    }

    private CodeCache cache() {
        return new CodeCache(folder, 100 << 20, Clock.systemUTC());
    }

    /** A cache for two of the files with {@code sized(1000)}, at a time of the test's own. */
    private CodeCache at(int second) {
        return new CodeCache(folder, 2500, Clock.fixed(Instant.ofEpochSecond(second), ZoneOffset.UTC));
    }

    private static CompiledCode sized(int bytes) {
        return new CompiledCode("m", Map.of("m", new byte[bytes]), Map.of());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
