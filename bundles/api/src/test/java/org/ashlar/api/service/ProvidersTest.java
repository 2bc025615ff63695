package org.ashlar.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProvidersTest {
    private final Providers<String> providers = new Providers<>();

    @Test
    void theHighestRankingIsPreferredAndAmongEqualsTheNewest() {
        providers.add("first", 0);
        providers.add("second", 0);
        assertEquals(Optional.of("second"), providers.preferred());
        providers.add("ranked", 5);
        providers.add("third", 0);
        assertEquals(Optional.of("ranked"), providers.preferred());
        providers.remove("ranked");
        assertEquals(Optional.of("third"), providers.preferred());
    }

    @Test
    void aDepartingProviderIsInvisibleAtOnceAndWaitsForItsLeases() throws Exception {
        providers.add("departing", 0);
        Providers.Lease<String> lease = providers.lease().orElseThrow();
        CompletableFuture<Boolean> gone = CompletableFuture.supplyAsync(() -> providers.remove("departing"));
        while (providers.preferred().isPresent()) {
            Thread.onSpinWait();
        }
        assertFalse(gone.isDone());
        assertTrue(providers.lease().isEmpty());
        lease.close();
        assertTrue(gone.get());
    }

    @Test
    void aLeaseThatIsClosedTwiceDoesNotGiveBackAnothersLease() {
        providers.add("departing", 0);
        Providers.Lease<String> closedTwice = providers.lease().orElseThrow();
        providers.lease();
        closedTwice.close();
        closedTwice.close();
        assertFalse(providers.remove("departing"), "the other lease is still out");
    }

    @Test
    void aLeaseThatIsNotGivenBackHoldsUpADepartureForTheDrainBoundOnly() {
        providers.add("departing", 0);
        providers.lease();
        assertFalse(providers.remove("departing"));
    }

    @Test
    void whoeverWaitsGetsTheProviderThatComes() throws Exception {
        CompletableFuture<String> got = CompletableFuture.supplyAsync(() ->
                providers.lease(Duration.ofSeconds(10)).orElseThrow().service());
        providers.add("late", 0);
        assertEquals("late", got.get());
    }

    @Test
    void withoutPatienceNobodyWaits() {
        assertTrue(providers.lease().isEmpty());
    }

    @Test
    void oneThatFailsAtItsFirstCallIsTakenOutAndTheNextOneIsAsked() {
        List<Long> told = new ArrayList<>();
        Providers<Supplier<String>> watched = new Providers<>((bundle, why) -> told.add(bundle));
        watched.add(() -> "works", Map.of("service.bundleid", 1L));
        Supplier<String> broken = () -> {
            throw new IllegalStateException("broken");
        };
        watched.add(broken, Map.of("service.bundleid", 2L, "service.ranking", 5));
        assertEquals("works", watched.ask(Duration.ZERO, Supplier::get, IllegalStateException::new));
        assertEquals(List.of(2L), told);
        assertEquals(1, watched.all().size(), "the broken one is invisible");
        assertTrue(watched.lease(broken).isEmpty());
        assertTrue(watched.remove(broken), "nobody has a lease on it");
    }

    @Test
    void oneThatFailsAtItsFirstCallStaysWhenNobodyTakesItOut() {
        Supplier<String> broken = () -> {
            throw new IllegalStateException("broken");
        };
        Providers<Supplier<String>> watched = new Providers<>((bundle, why) -> false);
        watched.add(broken, Map.of("service.bundleid", 1L));
        assertThrows(IllegalStateException.class, () -> watched.ask(Duration.ZERO, Supplier::get, IllegalStateException::new));
        assertEquals(Optional.of(broken), watched.preferred());
    }

    @Test
    void aWatchThatThrowsItselfTakesNothingOutAndHidesNeitherTheOthersNorTheFailure() {
        ProviderWatches watches = new ProviderWatches();
        watches.add((bundle, why) -> {
            throw new IllegalStateException("it is being replaced");
        });
        Throwable failure = new NoClassDefFoundError("broken");
        assertFalse(watches.failedAtFirstCall(1, failure));
        assertEquals("it is being replaced", failure.getSuppressed()[0].getMessage());
        watches.add((bundle, why) -> true);
        assertTrue(watches.failedAtFirstCall(1, failure));
    }

    @Test
    void oneThatHasWorkedOrRanOutOfMemoryHasNotFailedAtItsFirstCall() {
        Providers<String> watched = new Providers<>((bundle, why) -> true);
        watched.add("deployed", Map.of("service.bundleid", 1L));
        try (Providers.Lease<String> lease = watched.lease().orElseThrow()) {
            assertFalse(lease.failed(new OutOfMemoryError()));
            lease.works();
            assertFalse(lease.failed(new IllegalStateException()));
        }
        assertEquals(Optional.of("deployed"), watched.preferred());
    }

    @Test
    void whoeverAsksWhenThereIsNoneIsToldSo() {
        assertThrows(IllegalStateException.class, () -> providers.ask(Duration.ZERO, service -> service,
                () -> new IllegalStateException("none")));
    }
}
