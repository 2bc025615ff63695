package org.ashlar.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Exclusive use of a folder, in this JVM and against other processes.
 * <p>
 * The predecessor of a store may still be open in another class loader, which shares no static field with this one, so
 * the holder within the JVM is noted in the system properties. Only who is noted there opens the lock file: with POSIX
 * locks, closing a second channel on it would let go of the first one's lock.
 */
public final class FolderLock implements AutoCloseable {
    /** How long a successor usually waits for its predecessor to close. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String PROPERTY = "ashlar.lock.";
    private static final long POLL_MILLIS = 20;

    private final String property;
    private final String token;
    private final FileChannel channel;

    private FolderLock(String property, String token, FileChannel channel) {
        this.property = property;
        this.token = token;
        this.channel = channel;
    }

    /**
     * Takes the lock, waiting at most {@code patience} for the present holder. The folder must be there; the lock is the
     * file {@code lock} in it.
     *
     * @throws IOException when the holder does not let go in time; the message says who it is and what to do
     */
    public static FolderLock take(Path folder, Duration patience) throws IOException {
        Path real = folder.toRealPath();
        String property = PROPERTY + real;
        String token = UUID.randomUUID().toString();
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.getProperties().putIfAbsent(property, token) != null) {
            pause(deadline, "The folder " + real + " is still open in this process, by a predecessor that does not close"
                    + " it. Restart the node.");
        }
        try {
            return new FolderLock(property, token, locked(real, deadline));
        } catch (IOException | RuntimeException e) {
            System.getProperties().remove(property, token);
            throw e;
        }
    }

    private static FileChannel locked(Path folder, long deadline) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
        try {
            while (channel.tryLock() == null) {
                pause(deadline, "The folder " + folder + " is in use by another process. Stop the other node that runs on"
                        + " this home, or choose another home.");
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void pause(long deadline, String complaint) throws IOException {
        if (System.nanoTime() > deadline) {
            throw new IOException(complaint);
        }
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(complaint + " (The wait for it was interrupted.)", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.getProperties().remove(property, token);
        }
    }
}
