package org.ashlar.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A simulation is worth what it finds: faults that are planted in the code under test. */
class PlantedTest {
    private static final int SEEDS = 5;

    @Test
    void aQueueThatReordersIsFound() {
        assertTrue(found(Mutant::reorderedQueue).contains("after what was sent later"));
    }

    @Test
    void aMissedOfflineIsFound() {
        assertTrue(found(Mutant::missedOffline).contains("has not ended"));
    }

    @Test
    void aNonceThatIsUsedAgainIsFound() {
        assertTrue(found(Mutant::reusedNonce).contains("nonce"));
    }

    @Test
    void withoutAFaultNothingIsFoundWithTheSameLoader() {
        assertDoesNotThrow(() -> Mutant.none().run(1));
    }

    /** What the first seed says that breaks something. */
    private static String found(Supplier<Mutant> mutant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            long tried = seed;
            try {
                mutant.get().run(tried);
            } catch (Throwable broken) {
                return broken.getMessage();
            }
        }
        throw new AssertionError("none of " + SEEDS + " seeds found it");
    }
}
