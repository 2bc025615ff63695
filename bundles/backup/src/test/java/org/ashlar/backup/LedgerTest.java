package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the node remembers of its backups may be lost. */
class LedgerTest {
    @TempDir
    Path temporary;

    @Test
    void theLedgerMayBeLostOrDamaged() throws Exception {
        Path file = temporary.resolve("ledger.json");
        Ledger ledger = Ledger.read(file);
        ledger.complete("one", "ab", Instant.parse("2026-01-01T00:00:00Z"));
        assertEquals(Optional.of("ab"), Ledger.read(file).target("one").snapshot());
        for (String damaged : List.of("", "{", "[]", "{\"targets\":{\"one\":{\"taken\":\"never\"}}}", "{\"targets\":7}")) {
            Files.writeString(file, damaged);
            assertEquals(Optional.empty(), Ledger.read(file).target("one").snapshot(), damaged);
        }
    }
}
