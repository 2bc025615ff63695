package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.tck.MemoryTarget;
import org.junit.jupiter.api.Test;

class RateLimitedTargetTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void anObjectWaitsUntilWhatWentBeforeIsPaidFor() throws IOException {
        AtomicLong time = new AtomicLong(-7);
        AtomicLong slept = new AtomicLong();
        RateLimitedTarget target = new RateLimitedTarget(new MemoryTarget(), 1000, time::get, nanos -> {
            slept.addAndGet(nanos);
            time.addAndGet(nanos);
        });
        target.put("a", ByteBuffer.allocate(2000));
        assertEquals(0, slept.get());
        target.put("b", ByteBuffer.allocate(500));
        assertEquals(2 * SECOND, slept.get());
        time.addAndGet(10 * SECOND); // what was not used is not saved up
        target.put("c", ByteBuffer.allocate(1000));
        target.put("d", ByteBuffer.allocate(1));
        assertEquals(3 * SECOND, slept.get());
        target.get("a", 0, ByteBuffer.allocate(2000));
        assertEquals(3 * SECOND, slept.get(), "what is fetched is not taken from what is sent");
        target.get("a", 0, ByteBuffer.allocate(2000));
        assertEquals(5 * SECOND, slept.get());
    }

    @Test
    void whoWaitsIsLetGoWhenTheTargetIsClosed() throws IOException {
        AtomicLong time = new AtomicLong();
        AtomicLong slept = new AtomicLong();
        RateLimitedTarget[] target = new RateLimitedTarget[1];
        target[0] = new RateLimitedTarget(new MemoryTarget(), 1000, time::get, nanos -> {
            time.addAndGet(nanos);
            if (slept.addAndGet(nanos) > SECOND) {
                target[0].close();
            }
        });
        target[0].put("a", ByteBuffer.allocate(1_000_000));
        assertThrows(ClosedChannelException.class, () -> target[0].put("b", ByteBuffer.allocate(1)));
        assertTrue(slept.get() < 2 * SECOND, "waited " + slept);
    }
}
