package org.ashlar.bench.driver;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.ashlar.api.message.OnExit;

/** Guests that outlive the node: to be there when it is started again. Numbers: how many. */
final class Population {
    private static final String NAME = "kept-";

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
}
