package org.ashlar.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The exclusive right to a home, held while a node runs on it. The file keeps the process id of the holder; the lock
 * itself is the operating system's and ends with the process, however that ends.
 */
final class HomeLock implements AutoCloseable {
    private static final int READ_TRIES = 20;
    private static final long READ_PAUSE_MILLIS = 50;
    private static final int MAX_PID_TEXT = 32;

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws LaunchException when another node holds it: names its process id */
    static HomeLock take(Home home) throws LaunchException {
        Path file = home.folder(Home.LOCK);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel, false);
            if (lock == null) {
                channel.close();
                throw new LaunchException("a node already runs on " + home.path() + " (process "
                        + holder(home).map(String::valueOf).orElse("unknown") + "); stop it with: ashlar down");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new HomeLock(channel);
        } catch (IOException e) {
            throw new LaunchException("the home " + home.path() + " cannot be locked: " + Home.reason(e), e);
        }
    }

    /** Null, as the JDK has it, when it is locked; also by this JVM, which the JDK tells by an exception. */
    private static FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The process that holds a locked home. Waits a moment for one that has just locked it and not yet said who it is. */
    private static Optional<Long> holder(Home home) throws IOException {
        for (int i = 0; i < READ_TRIES; i++) {
            Optional<Long> pid = lastHolder(home).filter(HomeLock::alive);
            if (pid.isPresent()) {
                return pid;
            }
            try {
                Thread.sleep(READ_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return Optional.empty();
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    /** Whether a node holds the home now. */
    static boolean isHeld(Home home) {
        try (FileChannel channel = FileChannel.open(home.folder(Home.LOCK), StandardOpenOption.READ)) {
            return tryLock(channel, true) == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The process that locked the home last, whether it still runs or not. */
    static Optional<Long> lastHolder(Home home) throws IOException {
        Path file = home.folder(Home.LOCK);
        if (!Files.exists(file) || Files.size(file) > MAX_PID_TEXT) {
            return Optional.empty();
        }
        String text = Files.readString(file).strip();
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
