package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Printout;
import org.junit.jupiter.api.Test;

/** K41: which printouts are shown. */
class VerbosityTest {
    private static final ProcessId CHAT = ProcessId.parse("chat:chat:os");
    private static final ProcessId OTHER = ProcessId.parse("other:chat:os");

    private final Verbosity verbosity = new Verbosity();

    private static Printout printout(ProcessId source, int level) {
        return new Printout(Instant.EPOCH, source, level, "text of level " + level);
    }

    @Test
    void levelTwoIsHiddenAtTheGeneralLevelZeroAndShownWhenItsProcessIsAtTwo() {
        assertFalse(verbosity.shows(printout(CHAT, 2)));
        verbosity.set(CHAT, Optional.of(2));
        assertTrue(verbosity.shows(printout(CHAT, 2)));
        assertFalse(verbosity.shows(printout(CHAT, 3)));
        assertFalse(verbosity.shows(printout(OTHER, 2)));
    }

    @Test
    void aMutedProcessIsNotShownWhateverTheGeneralLevel() {
        verbosity.setGeneral(3);
        verbosity.set(CHAT, Optional.of(Verbosity.MUTED));
        assertFalse(verbosity.shows(printout(CHAT, 0)));
        verbosity.set(CHAT, Optional.empty());
        assertTrue(verbosity.shows(printout(CHAT, 3)));
    }

    @Test
    void whoWatchesSeesWhatIsShownAndNothingElse() throws InterruptedException {
        PrintHub hub = new PrintHub();
        hub.activate();
        BlockingQueue<Printout> watched = hub.watch();
        hub.verbosity().set(CHAT, Optional.of(2));
        hub.print(printout(OTHER, 1));
        hub.print(printout(CHAT, 0));
        assertEquals(0, watched.poll(5, TimeUnit.SECONDS).verbosity());
        hub.print(printout(CHAT, 2));
        assertEquals(2, watched.poll(5, TimeUnit.SECONDS).verbosity());
        assertNull(watched.poll());
        hub.deactivate();
    }
}
