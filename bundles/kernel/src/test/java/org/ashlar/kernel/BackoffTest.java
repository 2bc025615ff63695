package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** K54. */
class BackoffTest {
    private final Backoff backoff = new Backoff();

    @Test
    void aCrashLoopWaitsTwiceAsLongEachTimeUpToTenMinutes() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            waits.add(backoff.ended(Duration.ZERO).toSeconds());
        }
        assertEquals(List.of(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 600L, 600L, 600L), waits);
    }

    @Test
    void aRunFiveTimesAsLongAsTheLastWaitStartsAgainAtOnceAndForgets() {
        backoff.ended(Duration.ZERO);
        backoff.ended(Duration.ZERO);
        assertEquals(Duration.ofSeconds(8), backoff.ended(Duration.ofSeconds(19)));
        assertEquals(Duration.ZERO, backoff.ended(Duration.ofSeconds(40)));
        assertEquals(Duration.ofSeconds(2), backoff.ended(Duration.ZERO));
    }

    @Test
    void fiftyMinutesAreLongEnoughWhateverTheLastWaitWas() {
        for (int i = 0; i < 20; i++) {
            backoff.ended(Duration.ZERO);
        }
        assertEquals(Duration.ofSeconds(600), backoff.ended(Duration.ofSeconds(2_999)));
        assertEquals(Duration.ZERO, backoff.ended(Duration.ofSeconds(3_000)));
    }
}
