package org.ashlar.bench.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.message.Address;

/**
 * Keeps asking the population while something else happens to the node: each of its guests is asked again as soon as it has
 * answered, a few at a time.
 */
final class Talk {
    private static final int AT_ONCE = 16;

    private final List<Address> echoes = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean goesOn;

    /** Numbers: how many guests there are. Series: none that says anything. */
    Figures begin(Guests guests, long[] numbers) {
        echoes.clear();
        for (int i = 0; i < numbers[0]; i++) {
            echoes.add(guests.address(Population.NAME + i));
        }
        goesOn = true;
        for (int i = 0; i < Math.min(AT_ONCE, echoes.size()); i++) {
            open.incrementAndGet();
            askNext(guests);
        }
        return new Figures().add("asked", open.get());
    }

    private void askNext(Guests guests) {
        if (!goesOn) {
            open.decrementAndGet();
            return;
        }
        CompletionStage<byte[]> answer = guests.ask(echoes.get(Math.floorMod(next.getAndIncrement(), echoes.size())), "hello");
        answer.whenCompleteAsync((body, failure) -> {
            (failure == null ? answered : failed).incrementAndGet();
            askNext(guests);
        });
    }

    /** Series, of one value each: Requests that were {@code answered}, and that {@code failed}. */
    Figures end(Guests guests, long[] numbers) throws InterruptedException {
        goesOn = false;
        while (open.get() > 0) {
            Thread.sleep(10);
        }
        return new Figures().add("answered", answered.getAndSet(0)).add("failed", failed.getAndSet(0));
    }
}
