package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.ashlar.tck.FaultyTarget;
import org.junit.jupiter.api.Test;

/** What is promised of whatever takes something away. */
class RemovalTest extends BackedUpNode {
    @Test
    void promise6_nothingIsDeletedWhileATargetIsBehind() throws Exception {
        FaultyTarget away = new FaultyTarget(second, new FaultyTarget.Faults() { });
        engine.targets().attach("first", "", first);
        engine.targets().attach("away", "", away);
        create();
        for (int i = 0; i < 3; i++) {
            keep("a", "value " + i);
            done(submit("Now", "{}"));
        }
        away.set(fails("unplugged"));
        String refused = ended(submit("Forget", "{\"keep\":{\"last\":1}}")).problem().orElse("");
        assertTrue(refused.contains("Nothing is deleted") && refused.contains("unplugged"), refused);
        assertTrue(ended(submit("Prune", "{\"atOnce\":true}")).problem().isPresent());
        away.heal();
        assertTrue(done(submit("Forget", "{\"keep\":{\"last\":1}}")).contains("forgot 2 snapshots"));
        done(submit("Prune", "{\"atOnce\":true}"));
        assertEquals(Optional.of("value 2"), restored(second, "back", "a"));
    }
}
