package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.RefusedException;

/**
 * Tries again what failed and may pass, after growing waits of random length. What is missing, refused or has stalled is not tried
 * again.
 * <p>
 * A put whose outcome is unknown may have had its effect: when a later try finds the name taken, the object is read back, and if
 * it is the same it counts as stored.
 */
public final class RetryingTarget implements BackupTarget {
    private final BackupTarget target;
    private final int tries;
    private final Duration first;
    private final RandomGenerator random;

    /**
     * @param tries how often, the first time included
     * @param first the longest wait before the second try; it doubles from there
     */
    public RetryingTarget(BackupTarget target, int tries, Duration first) {
        this(target, tries, first, RandomGenerator.getDefault());
    }

    RetryingTarget(BackupTarget target, int tries, Duration first, RandomGenerator random) {
        this.target = target;
        this.tries = tries;
        this.first = first;
        this.random = random;
    }

    private interface Call<T> {
        T run(boolean again) throws IOException;
    }

    private <T> T retry(Call<T> call) throws IOException {
        IOException failure = null;
        for (int i = 0; i < tries; i++) {
            if (i > 0) {
                pause(i, failure);
            }
            try {
                return call.run(i > 0);
            } catch (NoSuchFileException | RefusedException | DeadlineTarget.StalledException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private void pause(int tried, IOException failure) throws IOException {
        long most = first.toMillis() << Math.min(tried - 1, 20);
        try {
            Thread.sleep(random.nextLong(most / 2, most + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        return retry(again -> target.put(name, content) || again && isThere(name, content));
    }

    private boolean isThere(String name, ByteBuffer content) throws IOException {
        if (target.stat(name).orElse(-1) != content.remaining()) {
            return false;
        }
        ByteBuffer there = ByteBuffer.allocate(content.remaining());
        target.get(name, 0, there);
        return there.flip().equals(content);
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        int begin = into.position();
        return retry(again -> target.get(name, offset, into.position(begin)));
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        // Gathered first: a listing that breaks off and is begun again would show the beginning twice.
        List<Stored> all = retry(again -> {
            List<Stored> found = new ArrayList<>();
            target.list(folder, found::add);
            return found;
        });
        all.forEach(each);
    }

    /** After a try whose outcome is unknown, false may mean that it was this call that deleted it. */
    @Override
    public boolean delete(String name) throws IOException {
        return retry(again -> target.delete(name));
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        return retry(again -> target.stat(name));
    }

    @Override
    public void close() {
        target.close();
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
