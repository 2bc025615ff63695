package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Printout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrintHubTest {
    private static final ProcessId CHAT = ProcessId.parse("chat:chat:os");

    private final PrintHub hub = new PrintHub();

    @BeforeEach
    void activate() {
        hub.activate();
    }

    @AfterEach
    void deactivate() {
        hub.deactivate();
    }

    private static Printout printout(String text) {
        return new Printout(Instant.EPOCH, CHAT, 0, text);
    }

    @Test
    void whatIsTooLongIsCutAndWhatFitsIsNot() throws InterruptedException {
        BlockingQueue<Printout> watched = hub.watch();
        String fits = "a".repeat(PrintHub.MAX_TEXT);
        hub.print(printout(fits));
        assertEquals(fits, watched.poll(5, TimeUnit.SECONDS).text());
        hub.print(printout(fits + "b"));
        assertEquals(fits + "…", watched.poll(5, TimeUnit.SECONDS).text());
    }

    @Test
    void whoWatchesAndDoesNotTakeLosesLinesAndStopsNobody() throws InterruptedException {
        BlockingQueue<Printout> slow = hub.watch();
        BlockingQueue<Printout> quick = hub.watch();
        for (int i = 0; i < PrintHub.MAX_WATCHER_WAITING + 10; i++) {
            hub.print(printout("line " + i));
            assertEquals("line " + i, quick.poll(5, TimeUnit.SECONDS).text());
        }
        assertEquals(PrintHub.MAX_WATCHER_WAITING, slow.size());
    }
}
