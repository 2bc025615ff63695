package org.ashlar.net;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.codec.PeerFrame;

/**
 * Receives what another node of this kind sends, over all connections with it, and hands over one message after the other. Any
 * thread may call, where it says so; the lock is the {@link Peer}'s.
 */
final class Receiver {
    private final String name;
    private final ReentrantLock lock;
    private final Work work;
    private final Condition turn;
    private final Map<Connection, Side> sides;
    private final Incarnations incarnations;
    private final InStream in;
    /** Whether somebody hands over a message that has come. */
    private boolean busy;

    /** @param name the other node's */
    Receiver(String name, Network network, ReentrantLock lock, Work work, Map<Connection, Side> sides, Incarnations incarnations) {
        this.name = name;
        this.lock = lock;
        this.work = work;
        this.sides = sides;
        this.incarnations = incarnations;
        turn = network.machine().condition(lock);
        in = new InStream(network.reception(), network.machine(), this::grant);
    }

    /** Parts of {@code stream} are to come over {@code connection}. For the thread that receives. */
    void open(Connection connection, long stream, long next) throws IOException {
        lock.lock();
        try {
            if (!in.is(stream)) {
                awaitTurn();
            }
            Side side = sides.get(connection);
            if (side == null || !incarnations.isCurrent(side)) {
                return; // of a copy whose place another took: it is told to leave
            }
            if (!in.is(stream) && next == 1) {
                in.begin(stream);
            }
            side.stream = Optional.of(stream);
            side.say(new PeerFrame.Opened(stream, in.is(stream) ? in.last() : PeerFrame.UNKNOWN));
            work.came();
        } finally {
            lock.unlock();
        }
    }

    private void awaitTurn() throws IOException {
        try {
            while (busy) {
                turn.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** A part came. For the thread that receives. */
    void part(Connection connection, PeerFrame.Part part) throws IOException {
        Optional<byte[]> message = taken(connection, part);
        if (message.isEmpty()) {
            return;
        }
        try {
            connection.deliver(message.get());
        } finally {
            lock.lock();
            try {
                busy = false;
                in.taken(part);
                turn.signalAll();
                tellOfUnsaid();
                sayGranted();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Takes the part, if it is to be taken. @return the message that is whole by it: then it is this thread's turn to hand it over */
    private Optional<byte[]> taken(Connection connection, PeerFrame.Part part) throws IOException {
        lock.lock();
        try {
            awaitTurn();
            Side side = sides.get(connection);
            if (side == null || side.stream.isEmpty()) {
                throw new IOException(name + " sent a part of nothing");
            }
            if (!in.is(side.stream.get())) {
                return Optional.empty();
            }
            switch (in.verdict(part.number())) {
                case PASS_OVER -> {
                    return Optional.empty();
                }
                case GAP -> throw new IOException(name + " left out parts " + (in.last() + 1) + " to " + (part.number() - 1));
                case TAKE -> { }
            }
            Optional<byte[]> message = in.take(part);
            busy = message.isPresent();
            if (!busy) {
                in.taken(part);
                tellOfUnsaid();
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    private void tellOfUnsaid() {
        if (in.hasUnsaid(true)) {
            work.came();
        } else {
            work.cameToWait();
        }
    }

    /** A large message is to come over {@code side}. With the lock held. */
    void offered(Side side, PeerFrame.Offer offer) {
        if (in.is(offer.stream())) {
            if (in.offer(offer)) {
                side.say(new PeerFrame.Take(offer.stream(), offer.number()));
            }
            sayGranted();
        }
    }

    /** There may be room for large messages that wait for it. */
    private void grant() {
        lock.lock();
        try {
            sayGranted();
        } finally {
            lock.unlock();
        }
    }

    private void sayGranted() {
        List<Long> found = in.grant();
        if (!found.isEmpty()) {
            sides.values().stream().filter(side -> side.stream.filter(in::is).isPresent())
                    .forEach(side -> found.forEach(number -> side.say(new PeerFrame.Take(in.id(), number))));
            work.came();
        }
    }

    /** When the other node has begun a message and sends nothing of it, the message is forgotten and nothing more comes. With the lock held. */
    void closeStuck(long now) {
        if (in.isStuck(now, busy)) {
            in.forget();
            sides.keySet().forEach(each -> each.close(name + " has begun a message and sends nothing of it"));
        }
    }

    /** Whether it is to be said how much was taken; {@code urgent}: without waiting for company. With the lock held. */
    boolean hasUnsaid(boolean urgent) {
        return in.hasUnsaid(urgent);
    }

    /** Says it. With the lock held. */
    PeerFrame acknowledgement() {
        in.said();
        return new PeerFrame.Ack(in.id(), in.last());
    }

    /** Nothing comes any more. With the lock held. */
    void close() {
        in.forget();
    }
}
