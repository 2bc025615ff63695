package org.ashlar.guest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.RepeatedTest;

class StackReserveTest {
    private static final int STACK = 1 << 20;
    private static final int FRAME = 4 << 10;

    private final StackReserve stack = new StackReserve();
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

    /** So many frames take a whole stack, compiled or not. */
    @RepeatedTest(2)
    void aFrameIsLargerThanAPage() throws InterruptedException {
        FutureTask<Void> tooMany = new FutureTask<>(() -> assertThrows(StackOverflowError.class, () -> StackReserve.enter(STACK / FRAME)), null);
        Thread thread = new Thread(null, tooMany, "deep", STACK);
        thread.start();
        thread.join();
        assertDoesNotThrow(() -> tooMany.get());
        for (int i = 0; i < 100_000; i++) {
            stack.ensure();
        }
    }

    private int recurse(int depth) {
        stack.ensure();
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
