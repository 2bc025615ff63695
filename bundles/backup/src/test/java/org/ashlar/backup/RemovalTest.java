package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
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

    @Test
    void promise6_norWhileOneThatHeldBackupsIsNotThere() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("away", "", second);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        engine.targets().detach(second);
        String refused = ended(submit("Forget", "{\"keep\":{\"last\":1}}")).problem().orElse("");
        assertTrue(refused.contains("Nothing is deleted") && refused.contains("away=is not there"), refused);
        assertTrue(line().startsWith("Safe on 1 of 2 targets"), line());
        done(submit("Remove", "{\"name\":\"away\"}"));
        assertTrue(line().startsWith("Safe on 1 of 1 target"), line());
        done(submit("Forget", "{\"keep\":{\"last\":1}}"));
    }

    @Test
    void aNameRemovesOneTargetAndNothingElse() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        assertTrue(ended(submit("Remove", "{\"name\":\"*\"}")).problem().orElse("").contains("there is no target"));
    }

    @Test
    void oneOfTwoThatGoesBeforeTheFirstSnapshotTakesNoPasswordWithIt() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
        engine.vault().keep("password".toCharArray());
        Files.writeString(Files.createDirectory(home.resolve("config")).resolve("backup-target-second.json"), "{}");
        done(submit("Remove", "{\"name\":\"second\"}"));
        engine.targets().detach(second);
        assertTrue(engine.vault().isKept() && engine.vault().isOpen());
        assertTrue(done(submit("Now", "{}")).contains("complete on 1 of 1 target"));
    }
}
