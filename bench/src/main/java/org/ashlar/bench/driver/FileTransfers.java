package org.ashlar.bench.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;

/**
 * A guest writes and reads a file through {@code vfs}, piece by piece, each awaited; and plain Java does the same beside it: a
 * {@link FileChannel} and an array of the heap, on the same disk.
 * <p>
 * Numbers: pieces, bytes of each, durable pieces, runs. Series, in bytes a second: {@code write} with one sync at the end,
 * {@code durable} with a sync after each piece, {@code read}; and each of plain Java, {@code plain-write} and so on.
 */
final class FileTransfers implements Measurement {
    private static final int WARM_UP_RUNS = 3;

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        Address worker = guests.start("worker-files", Guests.worker(), OnExit.NONE,
                Capability.messaging(new Address(guests.address("x").node(), ProcessId.parse("vfs:distro:sys"))));
        try {
            Figures figures = new Figures();
            for (int i = -WARM_UP_RUNS; i < numbers[3]; i++) {
                Figures into = i < 0 ? new Figures() : figures;
                guest(guests, worker, "durable", numbers[2], numbers[1], into);
                plain(guests, "plain-durable", numbers[2], (int) numbers[1], into);
                guest(guests, worker, "write", numbers[0], numbers[1], into);
                plain(guests, "plain-write", numbers[0], (int) numbers[1], into);
                guest(guests, worker, "read", numbers[0], numbers[1], into);
                plain(guests, "plain-read", numbers[0], (int) numbers[1], into);
            }
            return figures;
        } finally {
            guests.killAll();
            Files.deleteIfExists(file(guests));
        }
    }

    private static void guest(Guests guests, Address worker, String what, long count, long bytes, Figures into) {
        String nanos = Guests.text(Guests.await(guests.ask(worker, what + " " + count + " " + bytes)));
        into.add(what, count * bytes * 1e9 / Double.parseDouble(nanos));
    }

    private static Path file(Guests guests) throws IOException {
        return guests.folder().resolve("plain");
    }

    private static void plain(Guests guests, String what, long count, int bytes, Figures into) throws IOException {
        boolean read = what.equals("plain-read");
        boolean durable = what.equals("plain-durable");
        ByteBuffer piece = ByteBuffer.allocate(bytes);
        try (FileChannel file = read ? FileChannel.open(file(guests), StandardOpenOption.READ) : FileChannel.open(file(guests),
                StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            long begun = System.nanoTime();
            for (long i = 0; i < count; i++) {
                piece.clear();
                while (piece.hasRemaining()) {
                    if ((read ? file.read(piece) : file.write(piece)) < 0) {
                        throw new IOException("the file ended too early");
                    }
                }
                if (durable || !read && i + 1 == count) {
                    file.force(true);
                }
            }
            into.add(what, count * (double) bytes * 1e9 / (System.nanoTime() - begun));
        }
    }
}
