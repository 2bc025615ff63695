package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class RandomIdsTest {
    private static final int THREADS = 40;
    private static final int EACH = 5_000;

    @Test
    void noIdComesTwiceWhicheverThreadsTakeThem() {
        RandomIds ids = new RandomIds();
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < THREADS; i++) {
                threads.execute(() -> {
                    for (int j = 0; j < EACH; j++) {
                        seen.add(ids.getAsLong());
                    }
                });
            }
        }
        assertEquals(THREADS * EACH, seen.size());
    }
}
