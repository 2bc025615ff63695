package org.ashlar.bench.net;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Takes a rate several times while something goes on, after a while in which the JVM compiles it; prints it as a series. */
final class Runs {
    /** As many runs pass before those that count. */
    private static final int WARM_UP = 5;

    /** How often is looked whether the first is done. */
    private static final int PATIENCE = 6_000;

    private Runs() { }

    /** @param done counts what is done @param unit of what one counts for */
    static void print(AtomicLong done, double unit, long millis, int runs) throws InterruptedException {
        for (int i = 0; i < PATIENCE && done.get() == 0; i++) {
            TimeUnit.MILLISECONDS.sleep(10); // connecting is no part of it
        }
        double[] rates = new double[runs];
        for (int i = runs == 1 ? 0 : -WARM_UP; i < runs; i++) {
            long before = done.get();
            long begun = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(millis);
            double rate = (done.get() - before) * unit * 1e9 / (System.nanoTime() - begun);
            if (i >= 0) {
                rates[i] = rate;
            }
        }
        System.out.println("rate " + Arrays.stream(rates).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
    }
}
