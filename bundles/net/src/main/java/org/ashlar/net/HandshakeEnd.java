package org.ashlar.net;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How a handshake ends, for whoever waits for that. Any thread may call. */
final class HandshakeEnd {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed;
    private boolean succeeded;
    private Optional<String> failure = Optional.empty();

    HandshakeEnd(Machine machine) {
        changed = machine.condition(lock);
    }

    /** Both sides know each other. */
    void succeeded() {
        end(Optional.empty());
    }

    /** They do not; nothing comes of this when they did before. */
    void failed(String why) {
        end(Optional.of(why));
    }

    private void end(Optional<String> why) {
        lock.lock();
        try {
            if (!succeeded && failure.isEmpty()) {
                succeeded = why.isEmpty();
                failure = why;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean hasSucceeded() {
        lock.lock();
        try {
            return succeeded;
        } finally {
            lock.unlock();
        }
    }

    /** @return false when it has not ended within that time @throws IOException when it failed */
    boolean await(long nanos) throws IOException {
        lock.lock();
        try {
            long left = nanos;
            while (!succeeded && failure.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (failure.isPresent()) {
                throw new IOException(failure.get());
            }
            return succeeded;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
