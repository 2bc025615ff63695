package org.ashlar.net;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.ashlar.noise.NoiseKey;

/**
 * All that the network has from the machine it runs on, but for transports: time, chance, threads, and waiting. Nothing in this
 * bundle takes these from elsewhere, so that a simulation can put its own in their place. All methods may be called on any thread.
 */
public interface Machine extends AutoCloseable {
    /** Time in nanoseconds, for what lasts; only differences count. */
    long nanos();

    /** Time, for what others see. */
    Instant now();

    /** Numbers that nobody can guess. */
    RandomGenerator random();

    /** Gives key pairs that nobody had before. */
    Supplier<NoiseKey> keys();

    /** Does {@code work} on a thread of its own, which may wait. @param name for a person who looks at threads */
    void start(String name, Runnable work);

    /** Waits for about as long, or less. */
    void pause(long nanos);

    /** What those who hold {@code lock} wait for. */
    Condition condition(ReentrantLock lock);

    /**
     * Does what threads of {@link #start} must not: files, and asking the system for the address of a name. Waits for it.
     *
     * @throws IOException when it fails, or too much waits for this already
     */
    <T> T call(Callable<T> work) throws IOException;

    /** Nothing is called any more. */
    @Override
    void close();
}
