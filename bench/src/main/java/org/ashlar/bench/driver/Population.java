package org.ashlar.bench.driver;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.ashlar.api.message.OnExit;

/** Guests that outlive the node: to be there when it is started again. Numbers: how many. */
final class Population {
    static final String NAME = "kept-";

    private Population() { }

    static Figures install(Guests guests, long[] numbers) throws IOException {
        for (int i = 0; i < numbers[0]; i++) {
            guests.install(NAME + i, Guests.echo());
            guests.start(NAME + i, Guests.echo(), OnExit.RESTART);
        }
        return answering(guests, numbers);
    }

    /** Series, of one value: {@code answering} how many of them answer; it fails when one does not. */
    static Figures answering(Guests guests, long[] numbers) {
        List<CompletionStage<byte[]>> answers = IntStream.range(0, (int) numbers[0])
                .mapToObj(i -> guests.ask(guests.address(NAME + i), "hello")).toList();
        answers.forEach(Guests::await);
        return new Figures().add("answering", answers.size());
    }

    /** Series, of one value each, in nanoseconds: {@code p50}, {@code p99} and {@code most} of how long each was away when it last moved. */
    static Figures pauses(Guests guests, long[] numbers) {
        List<Long> sorted = guests.pauses();
        if (sorted.size() < numbers[0]) {
            throw new IllegalStateException(numbers[0] - sorted.size() + " guests have not moved");
        }
        return new Figures().add("p50", sorted.get(sorted.size() / 2)).add("p99", sorted.get(sorted.size() * 99 / 100))
                .add("most", sorted.getLast());
    }
}
