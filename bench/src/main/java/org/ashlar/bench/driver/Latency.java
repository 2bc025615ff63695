package org.ashlar.bench.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How long one round trip takes, seen by the guest that sends.
 * <p>
 * Numbers: round trips a run, runs. Series, in nanoseconds: {@code p50}, {@code p99}, {@code p999}.
 */
final class Latency implements Measurement {
    private static final int WARM_UP_COUNT = 50_000;

    private final boolean disturbed;

    /** @param disturbed whether a second guest floods a third meanwhile, and a fourth spins without calling the host */
    Latency(boolean disturbed) {
        this.disturbed = disturbed;
    }

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        Guests.Pair pair = guests.pair(0);
        try {
            WarmUp.run(() -> 1 / run(guests, pair, WARM_UP_COUNT, new Figures()));
            if (disturbed) {
                Guests.Pair others = guests.pair(1);
                guests.tell(others.worker(), "flood " + others.echo());
                guests.tell(guests.pair(2).worker(), "spin");
            }
            Figures figures = new Figures();
            for (int i = 0; i < numbers[1]; i++) {
                run(guests, pair, numbers[0], figures);
            }
            return figures;
        } finally {
            guests.killAll();
        }
    }

    /** @return the median */
    private static double run(Guests guests, Guests.Pair pair, long count, Figures figures) {
        byte[] body = Guests.await(guests.ask(pair.worker(), "samples " + count + " " + pair.echo()));
        int[] nanos = new int[body.length / Integer.BYTES];
        ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(nanos);
        long[] sorted = Arrays.stream(nanos).mapToLong(Integer::toUnsignedLong).sorted().toArray();
        double median = sorted[sorted.length / 2];
        figures.add("p50", median);
        figures.add("p99", sorted[(int) (sorted.length * 0.99)]);
        figures.add("p999", sorted[(int) (sorted.length * 0.999)]);
        return median;
    }
}
