package org.ashlar.net;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.ashlar.noise.NoiseKey;

/** The real one: the system's clocks and random source, virtual threads, and a few platform threads ({@link Pool}). */
class SystemMachine implements Machine {
    private final SecureRandom random = new SecureRandom();
    private final Pool pool = new Pool();

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Supplier<NoiseKey> keys() {
        return () -> NoiseKey.generate(random);
    }

    @Override
    public void start(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(work);
    }

    @Override
    public void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    @Override
    public Condition condition(ReentrantLock lock) {
        return lock.newCondition();
    }

    @Override
    public <T> T call(Callable<T> work) throws IOException {
        return pool.call(work);
    }

    @Override
    public void close() {
        pool.close();
    }
}
