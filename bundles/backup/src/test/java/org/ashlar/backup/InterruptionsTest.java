package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.junit.jupiter.api.Test;

/** What is promised of restarts, wrong passwords and wrong clocks. */
class InterruptionsTest extends BackedUpNode {
    @Test
    void promise11_aRunThatIsUnderWayWhenTheBundleIsReplacedLetsGoAndTheNextOneGoesOn() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        for (int i = 0; i < 200; i++) {
            Files.write(home.resolve("identity/file" + i), new byte[10_000]);
        }
        keep("a", "1");
        Job job = submit("Now", "{}");
        while (!job.progress().contains("stored") && job.outcome().isEmpty()) {
            Thread.onSpinWait();
        }
        engine.close();
        assertEquals(List.of(), first.place().keySet().stream().filter(name -> name.startsWith("locks/")).toList());
        engine = engine(Clock.systemUTC());
        engine.targets().attach("first", "", first);
        done(submit("Now", "{\"password\":\"password\"}"));
        assertEquals(Optional.of("1"), restored(first, "back", "a"));
    }

    @Test
    void promise12_whatIsWrongIsSaidAndNothingIsLost() throws Exception {
        Job.Outcome none = ended(submit("Now", "{}"));
        assertTrue(none.problem().orElse("").contains("ashlar backup add"), none.toString());
        engine.targets().attach("first", "", first);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        Map<String, byte[]> before = Map.copyOf(first.place());

        engine.close();
        engine = engine(Clock.systemUTC());
        engine.targets().attach("first", "", first);
        assertEquals(Optional.of(Job.Password.EXISTING), ended(submit("Now", "{}")).needs());
        assertTrue(ended(submit("Now", "{\"password\":\"wrong\"}")).problem().orElse("").contains("opens none"));
        assertEquals(before.keySet(), first.place().keySet());

        engine.targets().detach(first);
        try (Replicas other = Replicas.of(second)) {
            Repository.create(other, "password".toCharArray(), Options.here(temporary)).close();
        }
        engine.targets().attach("foreign", "", second);
        assertTrue(ended(submit("Now", "{\"password\":\"password\"}")).problem().orElse("").contains("other backups"));
    }

    @Test
    void promise12_aClockThatWasInTheFutureIsSaidAndNothingIsLost() throws Exception {
        engine.close();
        engine = engine(Clock.offset(Clock.systemUTC(), Duration.ofDays(3650)));
        engine.targets().attach("first", "", first);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        engine.close();
        engine = engine(Clock.systemUTC());
        engine.targets().attach("first", "", first);
        assertTrue(line().contains("lies in the future"), line());
        keep("a", "2");
        done(submit("Now", "{\"password\":\"password\"}"));
        done(submit("Prune", "{}"));
        assertTrue(done(submit("Verify", "{\"all\":true}")).startsWith("in order"));
    }
}
