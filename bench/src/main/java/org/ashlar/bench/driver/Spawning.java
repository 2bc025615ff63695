package org.ashlar.bench.driver;

import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;

/**
 * {@code spawn} as the guest that calls it sees it: children of the shipped echo with on-exit None, whose component is
 * compiled and cached. A child begins to run while its parent goes on.
 * <p>
 * Numbers: children a run, runs. Series: {@code spawn} nanoseconds a child; {@code cpu} nanoseconds of processor time, of
 * the whole JVM, until all children wait for mail.
 */
final class Spawning implements Measurement {
    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        String path = guests.install("echo", Guests.echo());
        WarmUp.run(() -> 1 / run(guests, path, numbers[0], new Figures()));
        Figures figures = new Figures();
        for (int i = 0; i < numbers[1]; i++) {
            run(guests, path, numbers[0], figures);
        }
        return figures;
    }

    /** @return nanoseconds a child */
    private static double run(Guests guests, String path, long count, Figures figures) throws InterruptedException {
        Address parent = guests.start("parent", Guests.worker(), OnExit.NONE);
        try {
            long cpu = CpuTime.nanos();
            double nanos = Double.parseDouble(Guests.text(Guests.await(guests.ask(parent, "spawn " + count + " " + path)))) / count;
            figures.add("spawn", nanos);
            figures.add("cpu", (double) (CpuTime.nanos() - cpu) / count);
            return nanos;
        } finally {
            guests.killAll();
        }
    }
}
