package org.ashlar.net;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.api.message.SendError;
import org.ashlar.codec.NetReport;

/**
 * Another node: what waits to be sent there, and the connections with it.
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
    private final Connections connections;
    private final AtomicInteger parked;
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
        connections = new Connections(network.name(), name);
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
            if (!connections.any() && attempts.tooEarly(lastSend)) {
                refused = SendError.Kind.OFFLINE;
            } else if (!line.offer(message) && !(message.isRequest() && waitForRoom(message))) {
                if (gone) {
                    return false;
                }
                refused = SendError.Kind.TIMEOUT;
            } else if (!connections.any()) {
                dial = attempts.begin();
            } else {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        if (refused != null) {
            network.outbound().refused(message, refused);
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
        Optional<Connection> tooMany;
        lock.lock();
        try {
            if (gone) {
                return false;
            }
            if (connections.add(connection)) {
                use(connection);
            }
            tooMany = connections.tooMany(connection);
        } finally {
            lock.unlock();
        }
        tooMany.ifPresent(each -> each.close("there are newer ones"));
        return true;
    }

    private void use(Connection connection) {
        boolean begins = connections.use(connection, network.clock().nanos());
        work.signalAll();
        if (begins) {
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
                    network.outbound().write(this, connection, batch);
                }
                batch = next(connection);
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
        return connections.othersSend() && network.clock().nanos() - connections.currentSince() < HAND_OVER.toNanos();
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
            dial = !over && !connections.any() && attempts.begin();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        if (over) {
            messages.forEach(network.outbound()::unsent);
        }
        if (dial) {
            network.dial(this);
        }
    }

    /** The other side sends no more over {@code connection}: returns when this side does not, either. */
    void finishing(Connection connection) {
        lock.lock();
        try {
            dismiss(connection, false);
            long left = Limits.DRAIN.toNanos();
            while (connections.isSending(connection) && left > 0) {
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
            dismiss(connection, true);
        } finally {
            lock.unlock();
        }
    }

    private void dismiss(Connection connection, boolean useful) {
        if (connections.isCurrent(connection)) {
            connections.dismiss();
            attempts.lost(network.clock().nanos(), useful || connection.wasUseful());
            work.signalAll();
        }
    }

    /** {@code connection} is over. @param clean see {@link Connection.Events#ended} */
    void ended(Connection connection, boolean clean) {
        boolean dial = false;
        boolean lost = false;
        List<Outgoing> failed = List.of();
        lock.lock();
        try {
            connections.remove(connection);
            dismiss(connection, false);
            if (!connections.any()) {
                connections.all().stream().filter(each -> !each.isClosed() && network.mayUse(each)).reduce((a, b) -> b).ifPresent(this::use);
            }
            if (!connections.any()) {
                lost = !clean;
                if (attempts.tooEarly(network.clock().nanos())) {
                    failed = takeAll();
                    lost = true;
                } else {
                    dial = (line.size() > 0 || clean && awaitsAnswers()) && attempts.begin();
                }
            }
        } finally {
            lock.unlock();
        }
        if (lost) {
            failed.forEach(message -> network.outbound().refused(message, SendError.Kind.OFFLINE));
            network.inflight().fail(name, SendError.Kind.OFFLINE);
        }
        if (dial) {
            network.dial(this);
        }
    }

    private List<Outgoing> takeAll() {
        room.signalAll();
        return line.takeAll();
    }

    /** Whether there is a connection to send over. */
    boolean isConnected() {
        lock.lock();
        try {
            return connections.any();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitsAnswers() {
        return network.inflight().count(name) > 0;
    }

    /** Whether it is to lead others to this node, and there is no connection for that. */
    boolean lacksRouter() {
        return network.indirect().isRouter(name) && connections().stream().noneMatch(each -> each.dialled() && each.leads());
    }

    /** Whether others can be led to it. */
    boolean isLed() {
        return connections().stream().anyMatch(each -> !each.dialled() && each.leads());
    }

    /** It is a router of this node, and is to be tried at once when there is no connection for that. */
    void keep() {
        boolean dial;
        lock.lock();
        try {
            dial = !gone && lacksRouter();
            if (dial) {
                attempts.forgive(network.clock().nanos());
                dial = attempts.begin();
            }
        } finally {
            lock.unlock();
        }
        if (dial) {
            network.dial(this);
        }
    }

    /** How long to wait before it is tried, in nanoseconds. */
    long pause() {
        lock.lock();
        try {
            return attempts.pause(network.clock().nanos());
        } finally {
            lock.unlock();
        }
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
            if (connections.any()) {
                return;
            }
            long now = network.clock().nanos();
            if (!succeeded) {
                attempts.failed(now);
            }
            again = succeeded && !attempts.tooEarly(now);
            if (!again) {
                failed = takeAll();
            }
            again = again && (line.size() > 0 || awaitsAnswers()) && attempts.begin();
        } finally {
            lock.unlock();
        }
        if (again) {
            network.dial(this);
        } else if (!failed.isEmpty() || !succeeded) {
            failed.forEach(message -> network.outbound().refused(message, SendError.Kind.OFFLINE));
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
            return connections.all();
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
            failed = takeAll();
        } finally {
            lock.unlock();
        }
        failed.forEach(message -> network.outbound().refused(message, SendError.Kind.OFFLINE));
    }

    /** What waits to be sent, for whoever comes after this node's network. */
    List<Outgoing> takeWaiting() {
        lock.lock();
        try {
            gone = true;
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes connections that nobody uses; whether there is nothing left of this peer, which must not be used then. */
    boolean tidy(long now, boolean inUse) {
        lock.lock();
        try {
            for (Connection each : connections.all()) {
                long write = each.sendingSince();
                if (write != 0 && now - write > Limits.STALLED.toNanos()) {
                    each.close(name + " has taken nothing for " + Limits.STALLED.toSeconds() + " s");
                } else if (!connections.isCurrent(each) && now - each.lastTraffic() > Limits.LINGER.toNanos() && now - each.since() > Limits.LINGER.toNanos()) {
                    each.close("another connection has taken its place");
                } else if (now - each.lastTraffic() > Limits.IDLE.toNanos() && line.size() == 0 && !inUse) {
                    each.close("nothing has gone over it for " + Limits.IDLE.toMinutes() + " minutes");
                }
            }
            gone = connections.isEmpty() && line.size() == 0 && parkedHere == 0 && attempts.forgotten(now, TimeUnit.MINUTES.toNanos(1));
            return gone;
        } finally {
            lock.unlock();
        }
    }

    NetReport.PeerReport report(long now, long open) {
        lock.lock();
        try {
            long sent = connections.all().stream().mapToLong(each -> each.sent().get()).sum();
            long received = connections.all().stream().mapToLong(each -> each.receivedCount().get()).sum();
            Optional<Connection> current = connections.current();
            return new NetReport.PeerReport(name, current.isPresent() ? "connected" : attempts.running() ? "connecting" : "offline",
                    current.map(each -> each.link().remote()).orElse(""),
                    current.map(each -> TimeUnit.NANOSECONDS.toSeconds(now - each.since())).orElse(0L), sent, received, line.size(), open);
        } finally {
            lock.unlock();
        }
    }
}
