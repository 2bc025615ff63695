package org.ashlar.net;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way into the line of one node: a few senders of Requests wait in front of it while it is full, so that a node that takes
 * nothing keeps nobody from others. To be called with the {@link Peer}'s lock held.
 */
final class Room {
    private final SendLine line;
    private final Condition freed;
    /** Senders that wait in front of any line. */
    private final AtomicInteger parked;
    private int parkedHere;
    private boolean closed;

    /** What became of a message that was offered; nothing is taken any more when it is CLOSED. */
    enum Offer { TAKEN, FULL, CLOSED }

    Room(Machine machine, ReentrantLock lock, SendLine line, AtomicInteger parked) {
        this.line = line;
        this.parked = parked;
        freed = machine.condition(lock);
    }

    /** Waits for room with a Request, bounded. */
    Offer offer(Outgoing message) {
        if (line.offer(message) || message.isRequest() && await(message)) {
            return Offer.TAKEN;
        }
        return closed ? Offer.CLOSED : Offer.FULL;
    }

    private boolean await(Outgoing message) {
        if (parkedHere >= Limits.PARKED_OF_PEER || parked.get() >= Limits.PARKED) {
            return false;
        }
        parkedHere++;
        parked.incrementAndGet();
        try {
            long left = Limits.ROOM.toNanos();
            while (left > 0 && !closed) {
                left = freed.awaitNanos(left);
                if (!closed && line.offer(message)) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            parkedHere--;
            parked.decrementAndGet();
        }
    }

    /** Something has left the line. */
    void freed() {
        freed.signalAll();
    }

    void close() {
        closed = true;
        freed.signalAll();
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether somebody waits. */
    boolean isAwaited() {
        return parkedHere > 0;
    }
}
