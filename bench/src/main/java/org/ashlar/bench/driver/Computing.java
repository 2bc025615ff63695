package org.ashlar.bench.driver;

import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;

/**
 * A guest that only computes when it is asked ({@code guests/compute}), by its own clock.
 * <p>
 * Numbers: kind of work, how much of it a run, runs. Series: {@code ms} milliseconds a run; {@code cpu} milliseconds of
 * processor time, of the whole JVM; {@code sum} what the work gave.
 */
final class Computing implements Measurement {
    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        Address computing = guests.start("compute", Guests.compute(), OnExit.NONE);
        String work = numbers[0] + " " + numbers[1];
        try {
            WarmUp.run(() -> 1 / timed(guests, computing, work, new Figures()));
            Figures figures = new Figures();
            for (int i = 0; i < numbers[2]; i++) {
                timed(guests, computing, work, figures);
            }
            return figures;
        } finally {
            guests.killAll();
        }
    }

    private static double timed(Guests guests, Address computing, String work, Figures figures) {
        long cpu = CpuTime.nanos();
        String[] taken = Guests.text(Guests.await(guests.ask(computing, work))).split(" ");
        double ms = Double.parseDouble(taken[0]) / TimeUnit.MILLISECONDS.toNanos(1);
        figures.add("ms", ms).add("cpu", (CpuTime.nanos() - cpu) / 1e6).add("sum", Double.parseDouble(taken[1]));
        return ms;
    }
}
