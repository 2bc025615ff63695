package org.ashlar.bench.driver;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Blobs to shipped echoes on the other node, which send each back beside their answer: as many at a time as there are pairs.
 * <p>
 * Numbers: pairs, bytes of a blob, milliseconds a run, runs. Series: {@code rate} bytes a second, each blob counted once for each of
 * the two ways; {@code cpu} nanoseconds of processor time a byte, of both nodes.
 */
final class BlobStream implements Measurement {
    private static final int WARM_UP_RUNS = Effort.runs(5);

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        List<Guests.Pair> pairs = IntStream.range(0, (int) numbers[0]).mapToObj(guests::remotePair).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Figures figures = new Figures();
            for (int i = -WARM_UP_RUNS; i < numbers[3]; i++) {
                run(guests, pairs, numbers, threads, i < 0 ? new Figures() : figures);
            }
            return figures;
        } finally {
            guests.killAll();
        }
    }

    private static void run(Guests guests, List<Guests.Pair> pairs, long[] numbers, ExecutorService threads, Figures figures)
            throws Exception {
        long cpu = CpuTime.nanos() + guests.processorElsewhere();
        long begun = System.nanoTime();
        long end = begun + TimeUnit.MILLISECONDS.toNanos(numbers[2]);
        long count = 0;
        List<Callable<Long>> each = pairs.stream().<Callable<Long>>map(pair -> () -> exchange(guests, pair, numbers[1], end)).toList();
        for (Future<Long> done : threads.invokeAll(each)) {
            count += done.get();
        }
        double bytes = 2.0 * count * numbers[1];
        figures.add("rate", bytes * 1e9 / (System.nanoTime() - begun));
        figures.add("cpu", (CpuTime.nanos() + guests.processorElsewhere() - cpu) / bytes);
    }

    private static long exchange(Guests guests, Guests.Pair pair, long bytes, long end) {
        long count = 0;
        do {
            Guests.await(guests.ask(pair.worker(), "blob " + bytes + " " + pair.echo()));
            count++;
        } while (System.nanoTime() - end < 0);
        return count;
    }
}
