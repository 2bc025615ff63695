package org.ashlar.bench.driver;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * Pairs of a worker and the shipped echo: how many Requests with a 64-byte body are answered in a time. The echoes run here, or on
 * the other node, where they were made beforehand.
 * <p>
 * Numbers: pairs, milliseconds a run, runs. Series: {@code rate} round trips a second of all pairs; {@code cpu} nanoseconds
 * of processor time a round trip, of the whole JVM, or of both; {@code allocated} bytes of heap a round trip, of this JVM alone;
 * {@code slowest} what the slowest pair reached, as a share of the median.
 */
final class RoundTrips implements Measurement {
    private static final int WARM_UP_MILLIS = 500;

    private final boolean remote;

    RoundTrips(boolean remote) {
        this.remote = remote;
    }

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        List<Guests.Pair> pairs = IntStream.range(0, (int) numbers[0])
                .mapToObj(number -> remote ? guests.remotePair(number) : guests.pair(number)).toList();
        try {
            WarmUp.run(() -> run(guests, pairs, WARM_UP_MILLIS, new Figures()));
            Figures figures = new Figures();
            for (int i = 0; i < numbers[2]; i++) {
                run(guests, pairs, numbers[1], figures);
            }
            return figures;
        } finally {
            guests.killAll();
        }
    }

    /** @return round trips a second */
    private double run(Guests guests, List<Guests.Pair> pairs, long millis, Figures figures) {
        long cpu = processor(guests);
        long allocated = Allocation.bytes();
        List<CompletionStage<byte[]>> answers = pairs.stream()
                .map(pair -> guests.ask(pair.worker(), "rounds " + millis + " " + pair.echo())).toList();
        List<String[]> counts = answers.stream().map(answer -> Guests.text(Guests.await(answer)).split(" ")).toList();
        cpu = processor(guests) - cpu;
        allocated = Allocation.bytes() - allocated;
        double[] rates = counts.stream().mapToDouble(count -> Double.parseDouble(count[0]) * 1e9 / Double.parseDouble(count[1]))
                .sorted().toArray();
        double rate = Arrays.stream(rates).sum();
        figures.add("rate", rate);
        double rounds = counts.stream().mapToDouble(count -> Double.parseDouble(count[0])).sum();
        figures.add("cpu", cpu / rounds);
        figures.add("allocated", allocated / rounds);
        figures.add("slowest", rates[0] / rates[rates.length / 2]);
        return rate;
    }

    private long processor(Guests guests) {
        return CpuTime.nanos() + (remote ? guests.processorElsewhere() : 0);
    }
}
