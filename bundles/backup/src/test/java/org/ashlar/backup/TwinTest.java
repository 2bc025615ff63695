package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two copies of one node that run at once are told of each other by what they back up. */
class TwinTest extends BackedUpNode {
    /** Another home of the node on the same target, as after a restore. */
    private Engine another(String name, Clock clock) throws Exception {
        Path other = Files.createDirectory(temporary.resolve(name));
        Files.writeString(other.resolve("VERSION"), "1\n");
        Engine engine = new Engine(other, () -> "promises", List::of, clock, Duration.ofSeconds(5));
        engine.targets().attach("first", "", first);
        return engine;
    }

    private void backup(Engine of) throws Exception {
        done(of.submit(job -> of.runs().backup(of.vault().openOrCreate(Optional.of("password".toCharArray())), job).taken().toString()));
    }

    @Test
    void promise8_twoCopiesThatRunAtOnceAreReportedAndARestoredOneAloneIsNot() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        backup(engine);
        try (Engine restored = another("restored", Clock.systemUTC())) {
            backup(restored);
            assertEquals(Optional.empty(), restored.runs().twin(), "the former home has made no snapshot since");
            backup(engine);
            assertTrue(line().contains("Another copy of this node") && line().startsWith("Safe on 1 of 1 target"), line());
            backup(restored);
            assertTrue(restored.runs().twin().isPresent());
            assertTrue(done(submit("Snapshots", "{}")).lines().filter(line -> line.contains("copy-")).count() == 4, "nothing is lost");
        }
        try (Engine later = another("later", Clock.offset(Clock.systemUTC(), Duration.ofDays(3)))) {
            backup(later);
            assertEquals(Optional.empty(), later.runs().twin());
        }
    }

    @Test
    void aHomeThatWasCopiedWithAllThatIsInItIsAnotherOne() throws Exception {
        Path file = temporary.resolve("a/ledger.json");
        Ledger ledger = Ledger.read(file);
        Ledger.Copy copy = ledger.copy(engine.now());
        assertEquals(copy, Ledger.read(file).copy(engine.now().plusSeconds(9)));
        Files.createDirectory(temporary.resolve("b"));
        Files.copy(file, temporary.resolve("b/ledger.json"));
        assertFalse(copy.name().equals(Ledger.read(temporary.resolve("b/ledger.json")).copy(engine.now()).name()));
    }
}
