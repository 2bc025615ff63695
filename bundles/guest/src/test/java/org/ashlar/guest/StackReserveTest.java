package org.ashlar.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.RepeatedTest;

class StackReserveTest {
    private int entered;
    private int left;

    /** Deeper and deeper, with a call to the host at each level, until the stack overflows: never in the host. */
    @RepeatedTest(50)
    void theStackOverflowsBeforeTheHostIsEnteredAndNotInIt() {
        Thread guest = Thread.ofVirtual().unstarted(() -> {
            try {
                recurse(0);
            } catch (StackOverflowError e) {
                // what this is about
            }
        });
        guest.start();
        try {
            guest.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertTrue(entered > 1000, entered + " levels");
        assertEquals(entered, left);
    }

    private int recurse(int depth) {
        StackReserve.ensure();
        host();
        return recurse(depth + 1) + 1;
    }

    private void host() {
        entered++;
        work(20);
        left++;
    }

    private static int work(int frames) {
        return frames == 0 ? 0 : work(frames - 1) + 1;
    }
}
