package org.ashlar.bench.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Supplier;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.store.Snapshot;
import org.ashlar.api.store.Snapshotable;

/**
 * How long guests stand still for a snapshot of the node: each of them is asked again as soon as it has answered, some to set their
 * state; first without a snapshot, then while one is cut, then while all of it is read.
 * <p>
 * Numbers: megabytes of files, guests, runs. Series, in nanoseconds: the longest that an answer took, {@code calm}, {@code cut} and
 * {@code read}, and {@code state-calm} and so on of those that set their state; {@code taking}, the call that takes the snapshot;
 * {@code whole}, from its beginning until all is read. And {@code rate}, answers a second without a snapshot.
 */
final class SnapshotPauses implements Measurement {
    private static final int FILE_BYTES = 1 << 20;
    /** One of so many guests sets its state. */
    private static final int WRITERS = 16;
    private static final int BUFFER = 1 << 18;
    private static final int TRIES = 20;

    private final Supplier<List<Snapshotable>> parts;

    SnapshotPauses(Supplier<List<Snapshotable>> parts) {
        this.parts = parts;
    }

    /** Guests that are asked without end, and the longest that an answer took since it was last looked at. */
    private static final class Busy {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong answers = new AtomicLong();
        private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
        private final LongAccumulator longestState = new LongAccumulator(Math::max, 0);

        void ask(Guests guests, Address guest, String what, LongAccumulator into) {
            long asked = System.nanoTime();
            guests.ask(guest, what).whenComplete((answer, failure) -> {
                into.accumulate(System.nanoTime() - asked);
                answers.incrementAndGet();
                if (!over.get() && failure == null) {
                    ask(guests, guest, what, into);
                }
            });
        }

        void noteAs(String phase, Figures into) {
            into.add(phase, longest.getThenReset());
            into.add("state-" + phase, longestState.getThenReset());
        }
    }

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        List<Path> files = write(guests.folder(), numbers[0]);
        Busy busy = new Busy();
        try {
            begin(guests, (int) numbers[1], busy);
            Figures figures = new Figures();
            run(busy, new Figures()); // warms up
            for (int i = 0; i < numbers[2]; i++) {
                run(busy, figures);
            }
            return figures;
        } finally {
            busy.over.set(true);
            guests.killAll();
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> write(Path folder, long megabytes) throws IOException {
        List<Path> files = new ArrayList<>();
        byte[] content = new byte[FILE_BYTES];
        for (int i = 0; i < megabytes; i++) {
            new Random(i).nextBytes(content);
            files.add(Files.write(folder.resolve("ballast-" + i), content));
        }
        return files;
    }

    private static void begin(Guests guests, int count, Busy busy) {
        for (int i = 0; i < count; i++) {
            boolean writes = i % WRITERS == 0;
            Address guest = guests.start((writes ? "writer-" : "echo-") + i, writes ? Guests.worker() : Guests.echo(), OnExit.NONE);
            busy.ask(guests, guest, writes ? "state 1 64" : "hello", writes ? busy.longestState : busy.longest);
        }
    }

    private void run(Busy busy, Figures figures) throws IOException, InterruptedException {
        busy.longest.reset();
        busy.longestState.reset();
        long before = busy.answers.get();
        long began = System.nanoTime();
        TimeUnit.SECONDS.sleep(2);
        long answers = busy.answers.get() - before;
        if (answers == 0) {
            throw new IOException("no guest has answered for two seconds");
        }
        figures.add("rate", answers * 1e9 / (System.nanoTime() - began));
        busy.noteAs("calm", figures);
        long begun = System.nanoTime();
        try (Snapshot snapshot = taken()) {
            figures.add("taking", System.nanoTime() - begun);
            busy.noteAs("cut", figures);
            readAll(snapshot);
        }
        figures.add("whole", System.nanoTime() - begun);
        busy.noteAs("read", figures);
    }

    private Snapshot taken() throws IOException {
        for (int i = 1; ; i++) {
            try {
                return Snapshot.take(parts.get());
            } catch (IOException e) {
                if (i == TRIES) {
                    throw e; // a part that is only busy is worth another try
                }
            }
        }
    }

    private static void readAll(Snapshot snapshot) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (Snapshotable part : snapshot.parts()) {
            for (Snapshotable.Entry entry : part.open()) {
                if (entry.kind() == Snapshotable.Entry.Kind.FILE) {
                    try (InputStream in = entry.read()) {
                        while (in.read(buffer) >= 0) {
                            continue;
                        }
                    }
                }
            }
        }
    }
}
