package org.ashlar.bench.driver;

/**
 * One large blob from a guest to the shipped echo, which takes it and sends it back beside its answer; the sender does not
 * take that.
 * <p>
 * Numbers: bytes, runs. Series: {@code rate} gigabytes a second, the bytes counted once for each of the two ways.
 */
final class BlobTransfer implements Measurement {
    private static final int WARM_UP_RUNS = 3;

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        Guests.Pair pair = guests.pair(0);
        try {
            Figures figures = new Figures();
            for (int i = -WARM_UP_RUNS; i < numbers[1]; i++) {
                String nanos = Guests.text(Guests.await(guests.ask(pair.worker(), "blob " + numbers[0] + " " + pair.echo())));
                if (i >= 0) {
                    figures.add("rate", 2.0 * numbers[0] / Double.parseDouble(nanos));
                }
            }
            return figures;
        } finally {
            guests.killAll();
        }
    }
}
