package org.ashlar.bench.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;

/**
 * {@code set-state} of 64 bytes, durable when it returns, by one guest or several at once.
 * <p>
 * Numbers: writers, writes of each a run, runs. Series: {@code rate} writes a second of all together; {@code fsync}
 * microseconds of one write and sync of 4 KiB at the end of a file beside the node's, the median of {@value #SYNCS}.
 */
final class StateWrites implements Measurement {
    private static final int BYTES = 64;
    private static final int BLOCK = 4096;
    private static final int SYNCS = 51;

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        List<Address> writers = new ArrayList<>();
        for (int i = 0; i < numbers[0]; i++) {
            writers.add(guests.start("writer-" + i, Guests.worker(), OnExit.NONE));
        }
        try {
            run(guests, writers, numbers[1]);
            Figures figures = new Figures();
            for (int i = 0; i < numbers[2]; i++) {
                figures.add("fsync", fsyncMicros(guests.folder()));
                figures.add("rate", run(guests, writers, numbers[1]));
            }
            return figures;
        } finally {
            guests.killAll();
        }
    }

    private static double run(Guests guests, List<Address> writers, long count) {
        long begun = System.nanoTime();
        List<CompletionStage<byte[]>> answers = writers.stream()
                .map(writer -> guests.ask(writer, "state " + count + " " + BYTES)).toList();
        answers.forEach(Guests::await);
        return writers.size() * count * 1e9 / (System.nanoTime() - begun);
    }

    private static double fsyncMicros(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "fsync", null);
        long[] nanos = new long[SYNCS];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                ByteBuffer block = ByteBuffer.allocate(BLOCK);
                long begun = System.nanoTime();
                channel.write(block);
                channel.force(false);
                nanos[i] = System.nanoTime() - begun;
            }
        } finally {
            Files.delete(file);
        }
        Arrays.sort(nanos);
        return nanos[SYNCS / 2] / 1e3;
    }
}
