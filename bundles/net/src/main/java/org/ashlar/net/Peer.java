package org.ashlar.net;

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
    private final String name;
    private final Network network;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition done = lock.newCondition();
    private final SendLine line = new SendLine();
    private final Connections connections;
    private final Streams streams;
    private final Sender sender;
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
        streams = new Streams(this, network, lock, work, connections);
        sender = new Sender(this, network, lock, work, room, done, line, connections, streams);
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
                work.signalAll();
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
            boolean best = connections.add(connection);
            if (connection.isExtended()) {
                streams.attached(connection);
                connections.sends(connection);
                sender.start(connection);
            }
            if (best) {
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
        streams.used(connection);
        work.signalAll();
        if (begins) {
            sender.start(connection);
        }
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
        streams.retired(connection);
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
            streams.ended(connection);
            if (!connections.any()) {
                connections.all().stream().filter(each -> !each.isClosed() && network.mayUse(each)).reduce((a, b) -> b).ifPresent(this::use);
            }
            if (!connections.any()) {
                lost = !clean && !connection.isExtended();
                if (attempts.tooEarly(network.clock().nanos())) {
                    failed = takeAll();
                    lost = true;
                } else {
                    dial = (line.size() > 0 || !lost && isNeeded()) && attempts.begin();
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

    /** Nothing of what waits, or may not have arrived, goes out any more. */
    private List<Outgoing> takeAll() {
        streams.give();
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

    /** Whether an answer is awaited, or something may not have arrived. */
    private boolean isNeeded() {
        return !streams.isEmpty() || network.inflight().count(name) > 0;
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
            again = again && (line.size() > 0 || isNeeded()) && attempts.begin();
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

    Streams streams() {
        return streams;
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
            for (Connection each : connections.all()) {
                long write = each.sendingSince();
                if (write != 0 && now - write > Limits.STALLED.toNanos()) {
                    each.close(name + " has taken nothing for " + Limits.STALLED.toSeconds() + " s");
                } else if (!connections.isCurrent(each) && now - each.lastTraffic() > Limits.LINGER.toNanos() && now - each.since() > Limits.LINGER.toNanos()) {
                    each.close("another connection has taken its place");
                } else if (now - each.lastTraffic() > Limits.IDLE.toNanos() && line.size() == 0 && streams.isEmpty() && !inUse) {
                    each.close("nothing has gone over it for " + Limits.IDLE.toMinutes() + " minutes");
                }
            }
            gone = connections.isEmpty() && line.size() == 0 && streams.isEmpty() && parkedHere == 0 && attempts.forgotten(now, TimeUnit.MINUTES.toNanos(1));
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
