package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.ashlar.tck.FaultyTarget;
import org.ashlar.tck.MemoryTarget;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two targets in memory. What is promised of backups, as far as the format and its targets go, is tested on them: a test each, named after
 * the promise.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TwoTargets {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path temporary;
    final MemoryTarget first = new MemoryTarget();
    final MemoryTarget second = new MemoryTarget();

    static FaultyTarget.Faults failing(String call) {
        return new FaultyTarget.Faults() {
            @Override
            public void before(String what, String name) throws IOException {
                if (what.equals(call)) {
                    throw new IOException("the cable is out");
                }
            }
        };
    }

    static Set<String> names(MemoryTarget target) {
        Set<String> names = new HashSet<>(target.place().keySet());
        names.removeIf(name -> name.startsWith("locks/"));
        return names;
    }

    static void assertSameObjects(MemoryTarget expected, MemoryTarget actual) {
        assertEquals(names(expected), names(actual));
        for (String name : names(expected)) {
            assertEquals(new String(expected.place().get(name), StandardCharsets.ISO_8859_1),
                    new String(actual.place().get(name), StandardCharsets.ISO_8859_1), name);
        }
    }
}
