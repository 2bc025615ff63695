package org.ashlar.net;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends what waits for one node. A connection in the specification's form has a thread here while it is the current one; one
 * with a node of this kind ({@link Streams}) has one to its end, because it answers, too. The lock is the {@link Peer}'s.
 */
final class Sender {
    /** How long a connection that takes over waits for the one before. */
    private static final Duration HAND_OVER = Duration.ofSeconds(1);
    private static final long SLICE_NANOS = 10_000_000;

    private final Peer peer;
    private final Network network;
    private final ReentrantLock lock;
    private final Condition work;
    private final Room room;
    private final Condition done;
    private final SendLine line;
    private final Connections connections;
    private final Streams streams;
    /** Whether a thread makes parts of messages that it took: others take none meanwhile, or they would pass those. */
    private boolean encoding;

    Sender(Peer peer, Network network, ReentrantLock lock, Condition work, Room room, Condition done, SendLine line,
            Connections connections, Streams streams) {
        this.peer = peer;
        this.network = network;
        this.lock = lock;
        this.work = work;
        this.room = room;
        this.done = done;
        this.line = line;
        this.connections = connections;
        this.streams = streams;
    }

    /** Begins to send over {@code connection}. */
    void start(Connection connection) {
        network.machine().start("to-" + peer.name(), () -> run(connection));
    }

    private void run(Connection connection) {
        try {
            if (connection.isExtended()) {
                frames(connection);
            } else {
                messages(connection);
            }
            connection.finish();
        } catch (IOException e) {
            connection.close(e.getMessage());
        } finally {
            lock.lock();
            try {
                connections.sendsNoMore(connection);
                done.signalAll();
                work.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void messages(Connection connection) throws IOException {
        List<Outgoing> batch = next(connection);
        while (batch != null) {
            if (batch.isEmpty()) {
                connection.keepAlive();
            } else {
                network.outbound().write(peer, connection, batch);
            }
            batch = next(connection);
        }
    }

    /** What to send next; empty when the connection is to be kept alive, null when it sends no more. */
    private List<Outgoing> next(Connection connection) {
        lock.lock();
        try {
            long left = Limits.KEEP_ALIVE.toNanos();
            while (connections.isCurrent(connection) && (line.size() == 0 || othersSend()) && left > 0) {
                left = line.size() == 0 ? work.awaitNanos(left) : left - SLICE_NANOS + work.awaitNanos(SLICE_NANOS);
            }
            if (!connections.isCurrent(connection)) {
                return null;
            }
            List<Outgoing> batch = line.take();
            room.freed();
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** One that takes over waits until the one before has sent what it had begun, so that the order of messages is kept. */
    private boolean othersSend() {
        return connections.othersSend() && network.machine().nanos() - connections.currentSince() < HAND_OVER.toNanos();
    }

    private void frames(Connection connection) throws IOException {
        while (awaitWork(connection)) {
            List<Outgoing> taken = take(connection);
            List<byte[]> out = taken.isEmpty() ? new ArrayList<>() : begun(connection, taken);
            lock.lock();
            try {
                out.addAll(0, streams.control(connection));
                out.addAll(streams.parts(connection));
            } finally {
                lock.unlock();
            }
            if (out.isEmpty()) {
                connection.keepAlive();
            } else {
                connection.sendFrames(out);
            }
        }
    }

    /** Waits until there is something to send, or nothing was for so long that the connection is to be kept alive. @return false at its end */
    private boolean awaitWork(Connection connection) {
        lock.lock();
        try {
            long left = Limits.KEEP_ALIVE.toNanos();
            while (left > 0 && !connection.isClosed() && !streams.isLeaving(connection) && !streams.hasFrames(connection, true)
                    && !mayTake(connection)) {
                if (streams.hasFrames(connection, false)) {
                    // Only that something was taken is to be said: it can wait for company.
                    if (work.awaitNanos(Limits.ACK_DELAY.toNanos()) <= 0) {
                        return true;
                    }
                } else {
                    left = work.awaitNanos(left);
                }
            }
            return !connection.isClosed() && !streams.isLeaving(connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayTake(Connection connection) {
        return line.size() > 0 && !encoding && streams.takesMessages(connection) && line.hasFor(streams.out());
    }

    private List<Outgoing> take(Connection connection) {
        lock.lock();
        try {
            if (!mayTake(connection)) {
                return List.of();
            }
            List<Outgoing> taken = line.take(streams.out());
            encoding = !taken.isEmpty();
            room.freed();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Makes parts of messages. What cannot go over this connection goes back to where it was. */
    private List<byte[]> begun(Connection connection, List<Outgoing> taken) {
        List<Outgoing> ready = new ArrayList<>(taken.size());
        List<List<byte[]>> encoded = new ArrayList<>(taken.size());
        for (Outgoing message : taken) {
            Optional<List<byte[]>> bytes = network.outbound().encoded(message, streams.largest(connection));
            bytes.ifPresent(each -> {
                ready.add(message);
                encoded.add(each);
            });
        }
        List<byte[]> out = new ArrayList<>(encoded.size());
        int begun = 0;
        lock.lock();
        try {
            encoding = false;
            boolean here = streams.takesMessages(connection);
            while (here && begun < ready.size()) {
                Outgoing message = ready.get(begun);
                network.outbound().register(peer, message);
                if (!streams.out().begin(message.envelope().source().process(), encoded.get(begun), out)) {
                    network.outbound().unregister(message);
                    break;
                }
                begun++;
            }
            work.signalAll();
        } finally {
            lock.unlock();
        }
        connection.sent().addAndGet(begun);
        if (begun < ready.size()) {
            peer.putBack(ready.subList(begun, ready.size()));
        }
        ready.subList(0, begun).forEach(network.outbound()::passedOn);
        return out;
    }
}
