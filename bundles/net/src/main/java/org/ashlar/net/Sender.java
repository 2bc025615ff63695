package org.ashlar.net;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.codec.PeerFrame;

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
    private final Work work;
    private final Room room;
    private final Condition done;
    private final SendLine line;
    private final Connections connections;
    private final Streams streams;
    /** Whether a thread makes parts of messages that it took: others take none meanwhile, or they would pass those. */
    private boolean encoding;

    Sender(Peer peer, Network network, ReentrantLock lock, Work work, Room room, SendLine line, Connections connections, Streams streams) {
        this.peer = peer;
        this.network = network;
        this.lock = lock;
        this.work = work;
        this.room = room;
        done = network.machine().condition(lock);
        this.line = line;
        this.connections = connections;
        this.streams = streams;
    }

    /** Returns when nothing is sent over {@code connection} any more, bounded. With the lock held. */
    void awaitEnd(Connection connection) throws InterruptedException {
        long left = Limits.DRAIN.toNanos();
        while (connections.isSending(connection) && left > 0) {
            left = done.awaitNanos(left);
        }
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
                work.came();
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
            long end = network.machine().nanos() + Limits.KEEP_ALIVE.toNanos();
            while (connections.isCurrent(connection) && (line.size() == 0 || othersSend()) && network.machine().nanos() - end < 0) {
                if (line.size() == 0) {
                    work.await(end);
                } else {
                    work.awaitBriefly(SLICE_NANOS);
                }
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
                connection.sendFrames(streams.takesGroups(connection) ? PeerFrame.Group.together(out) : out);
            }
        }
    }

    /** Waits until there is something to send, or nothing was for so long that the connection is to be kept alive. @return false at its end */
    private boolean awaitWork(Connection connection) {
        lock.lock();
        try {
            long end = network.machine().nanos() + Limits.KEEP_ALIVE.toNanos();
            while (!connection.isClosed() && !streams.isLeaving(connection) && !streams.hasFrames(connection)
                    && !mayTake(connection) && network.machine().nanos() - end < 0) {
                work.await(end);
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
            work.came();
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
