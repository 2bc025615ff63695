package org.ashlar.net;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.api.message.SendError;
import org.ashlar.codec.NetReport;

/**
 * Another node: what waits to be sent there, and the connections with it.
 * <p>
 * All connections receive; one of them, the current one, sends. When both nodes connect at the same time, both choose the
 * connection that the node with the lesser name made; otherwise the newest takes over, because an old one may lead nowhere
 * any more. One that has lost its place finishes what it is sending and goes on receiving for a while: no message is lost
 * by that, and none sent twice.
 * <p>
 * Any thread may call. Nothing that waits is done with the lock held.
 */
final class Peer {
    /** How long a connection that takes over waits for the one before. */
    private static final Duration HAND_OVER = Duration.ofSeconds(1);
    private static final long SLICE_NANOS = 10_000_000;

    private final String name;
    private final Network network;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition done = lock.newCondition();
    private final SendLine line = new SendLine();
    private final Set<Connection> live = new LinkedHashSet<>();
    private final AtomicInteger parked;
    /** Sends; null when none does. */
    private Connection current;
    /** Those with a thread that sends: the current one, and others until they have sent what they had begun. */
    private final Set<Connection> senders = new LinkedHashSet<>();
    private long currentSince;
    private final Attempts attempts;
    private boolean gone;
    private int parkedHere;
    private volatile long lastSend;

    /** @param parked senders that wait for room anywhere */
    Peer(String name, Network network, AtomicInteger parked) {
        this.name = name;
        this.network = network;
        this.parked = parked;
        lastSend = network.clock().nanos();
        attempts = new Attempts(lastSend);
    }

    String name() {
        return name;
    }

    long lastSend() {
        return lastSend;
    }

    /**
     * Takes a message to be sent, or ends it. Waits for room with a Request, bounded.
     *
     * @return false when this object is not used any more: ask for another
     */
    boolean send(Outgoing message) {
        SendError.Kind refused = null;
        boolean dial = false;
        lock.lock();
        try {
            if (gone) {
                return false;
            }
            lastSend = network.clock().nanos();
            if (current == null && attempts.tooEarly(lastSend)) {
                refused = SendError.Kind.OFFLINE;
            } else if (!line.offer(message) && !(message.isRequest() && waitForRoom(message))) {
                if (gone) {
                    return false;
                }
                refused = SendError.Kind.TIMEOUT;
            } else if (current == null) {
                dial = attempts.begin();
            } else {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        if (refused != null) {
            network.refused(message, refused);
        }
        if (dial) {
            network.dial(this);
        }
        return true;
    }

    /** Whether there came to be room. Few wait, so that a node that takes nothing keeps nobody from others. */
    private boolean waitForRoom(Outgoing message) {
        if (parkedHere >= Limits.PARKED_OF_PEER || parked.get() >= Limits.PARKED) {
            return false;
        }
        parkedHere++;
        parked.incrementAndGet();
        try {
            long left = Limits.ROOM.toNanos();
            while (left > 0 && !gone) {
                left = room.awaitNanos(left);
                if (!gone && line.offer(message)) {
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

    /** A handshake is over. @return false when this object is not used any more: ask for another */
    boolean attach(Connection connection) {
        Connection tooMany = null;
        lock.lock();
        try {
            if (gone) {
                return false;
            }
            attempts.forgive(network.clock().nanos());
            live.add(connection);
            if (current == null || takesOver(connection)) {
                use(connection);
            }
            if (live.size() > Limits.CONNECTIONS_OF_PEER) {
                tooMany = live.stream().filter(each -> each != current && each != connection).findFirst().orElse(null);
            }
        } finally {
            lock.unlock();
        }
        if (tooMany != null) {
            tooMany.close("there are newer ones");
        }
        return true;
    }

    private boolean takesOver(Connection newer) {
        boolean simultaneous = newer.dialled() != current.dialled()
                && newer.since() - current.since() < Limits.SIMULTANEOUS.toNanos();
        return !simultaneous || newer.dialled() == network.name().compareTo(name) < 0;
    }

    private void use(Connection connection) {
        current = connection;
        currentSince = network.clock().nanos();
        work.signalAll();
        if (senders.add(connection)) {
            Thread.ofVirtual().name("to-" + name).start(() -> sendOver(connection));
        }
    }

    /** What the sending thread of a connection does. */
    private void sendOver(Connection connection) {
        try {
            List<Outgoing> batch = next(connection);
            while (batch != null) {
                if (batch.isEmpty()) {
                    connection.keepAlive();
                } else {
                    network.write(this, connection, batch);
                }
                batch = next(connection);
            }
            connection.finish();
        } catch (IOException e) {
            connection.close(e.getMessage());
        } finally {
            lock.lock();
            try {
                senders.remove(connection);
                done.signalAll();
                work.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** What to send next; empty when the connection is to be kept alive, null when it sends no more. */
    private List<Outgoing> next(Connection connection) {
        lock.lock();
        try {
            long left = Limits.KEEP_ALIVE.toNanos();
            while (current == connection && (line.size() == 0 || othersSend()) && left > 0) {
                left = line.size() == 0 ? work.awaitNanos(left) : left - SLICE_NANOS + work.awaitNanos(SLICE_NANOS);
            }
            if (current != connection) {
                return null;
            }
            List<Outgoing> batch = line.take();
            room.signalAll();
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
        return senders.size() > 1 && network.clock().nanos() - currentSince < HAND_OVER.toNanos();
    }

    /** What was taken and did not go out goes before all else, over the next connection. */
    void putBack(List<Outgoing> messages) {
        boolean dial;
        boolean over;
        lock.lock();
        try {
            over = gone;
            if (!over) {
                line.putBack(messages);
            }
            dial = !over && current == null && attempts.begin();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        if (over) {
            messages.forEach(network::unsent);
        }
        if (dial) {
            network.dial(this);
        }
    }

    /** The other side sends no more over {@code connection}: returns when this side does not, either. */
    void finishing(Connection connection) {
        retire(connection);
        lock.lock();
        try {
            long left = Limits.DRAIN.toNanos();
            while (senders.contains(connection) && left > 0) {
                left = done.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Lets {@code connection} finish what it is sending, and send no more. */
    void retire(Connection connection) {
        lock.lock();
        try {
            dismiss(connection);
        } finally {
            lock.unlock();
        }
    }

    private void dismiss(Connection connection) {
        if (current == connection) {
            current = null;
            attempts.lost(network.clock().nanos());
            work.signalAll();
        }
    }

    /** {@code connection} is over. @param clean see {@link Connection.Events#ended} */
    void ended(Connection connection, boolean clean) {
        boolean dial = false;
        boolean lost = false;
        lock.lock();
        try {
            live.remove(connection);
            dismiss(connection);
            if (current == null && !live.isEmpty() && live.stream().anyMatch(each -> !each.isClosed() && network.mayUse(each))) {
                use(live.stream().filter(each -> !each.isClosed() && network.mayUse(each)).reduce((a, b) -> b).orElseThrow());
            }
            if (current == null) {
                lost = !clean;
                attempts.lost(network.clock().nanos());
                dial = (line.size() > 0 || clean && awaitsAnswers()) && attempts.begin();
            }
        } finally {
            lock.unlock();
        }
        if (lost) {
            network.inflight().fail(name, SendError.Kind.OFFLINE);
        }
        if (dial) {
            network.dial(this);
        }
    }

    /** Whether there is a connection to send over. */
    boolean isConnected() {
        lock.lock();
        try {
            return current != null;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitsAnswers() {
        return network.inflight().count(name) > 0;
    }

    /** Whether to try it once more, after an attempt that failed. */
    boolean isPatient() {
        lock.lock();
        try {
            return attempts.patient(network.clock().nanos());
        } finally {
            lock.unlock();
        }
    }

    /** Dialling is over. @param succeeded whether there was a connection; it may have ended already */
    void dialled(boolean succeeded) {
        List<Outgoing> failed = List.of();
        boolean again;
        lock.lock();
        try {
            attempts.over();
            if (current != null) {
                return;
            }
            again = succeeded && (line.size() > 0 || awaitsAnswers()) && attempts.begin();
            if (!succeeded) {
                attempts.failed(network.clock().nanos());
                failed = line.takeAll();
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (again) {
            network.dial(this);
        } else if (!succeeded) {
            failed.forEach(message -> network.refused(message, SendError.Kind.OFFLINE));
            network.inflight().fail(name, SendError.Kind.OFFLINE);
        }
    }

    /** What is known of the node has changed: it may be tried at once. */
    void forgive() {
        lock.lock();
        try {
            attempts.forgive(network.clock().nanos());
        } finally {
            lock.unlock();
        }
    }

    List<Connection> connections() {
        lock.lock();
        try {
            return List.copyOf(live);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all connections, and what waits for them. */
    void close(String why) {
        connections().forEach(connection -> connection.close(why));
        List<Outgoing> failed;
        lock.lock();
        try {
            failed = line.takeAll();
        } finally {
            lock.unlock();
        }
        failed.forEach(message -> network.refused(message, SendError.Kind.OFFLINE));
    }

    /** What waits to be sent, for whoever comes after this node's network. */
    List<Outgoing> takeWaiting() {
        lock.lock();
        try {
            gone = true;
            room.signalAll();
            return line.takeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes connections that nobody uses; whether there is nothing left of this peer, which must not be used then. */
    boolean tidy(long now, boolean inUse) {
        lock.lock();
        try {
            for (Connection each : live) {
                long write = each.sendingSince();
                if (write != 0 && now - write > Limits.STALLED.toNanos()) {
                    each.close(name + " has taken nothing for " + Limits.STALLED.toSeconds() + " s");
                } else if (each != current && now - each.lastTraffic() > Limits.LINGER.toNanos() && now - each.since() > Limits.LINGER.toNanos()) {
                    each.close("another connection has taken its place");
                } else if (now - each.lastTraffic() > Limits.IDLE.toNanos() && line.size() == 0 && !inUse) {
                    each.close("nothing has gone over it for " + Limits.IDLE.toMinutes() + " minutes");
                }
            }
            gone = live.isEmpty() && line.size() == 0 && parkedHere == 0 && attempts.forgotten(now, TimeUnit.MINUTES.toNanos(1));
            return gone;
        } finally {
            lock.unlock();
        }
    }

    NetReport.PeerReport report(long now, long open) {
        lock.lock();
        try {
            long sent = live.stream().mapToLong(each -> each.sent().get()).sum();
            long received = live.stream().mapToLong(each -> each.receivedCount().get()).sum();
            boolean connected = current != null;
            return new NetReport.PeerReport(name, connected ? "connected" : attempts.running() ? "connecting" : "offline",
                    connected ? current.link().remote() : "", connected ? TimeUnit.NANOSECONDS.toSeconds(now - current.since()) : 0,
                    sent, received, line.size(), open);
        } finally {
            lock.unlock();
        }
    }
}
