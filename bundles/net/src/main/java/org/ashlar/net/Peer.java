package org.ashlar.net;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
    private final Work work;
    private final SendLine line = new SendLine();
    private final Connections connections;
    private final Streams streams;
    private final Sender sender;
    private final Room room;
    private final Dialling dialling;
    private volatile long lastSend;

    /** @param parked senders that wait for room anywhere */
    Peer(String name, Network network, AtomicInteger parked) {
        this.name = name;
        this.network = network;
        work = new Work(network.machine(), lock);
        lastSend = network.machine().nanos();
        room = new Room(network.machine(), lock, line, parked);
        connections = new Connections(network.name(), name);
        dialling = new Dialling(this, network, lock, connections);
        streams = new Streams(this, network, lock, work, connections);
        sender = new Sender(this, network, lock, work, room, line, connections, streams);
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
        Optional<SendError.Kind> refused = Optional.empty();
        boolean dial = false;
        lock.lock();
        try {
            if (room.isClosed()) {
                return false;
            }
            lastSend = network.machine().nanos();
            if (!connections.any() && dialling.tooEarly()) {
                refused = Optional.of(SendError.Kind.OFFLINE);
            } else {
                switch (room.offer(message)) {
                    case CLOSED -> {
                        return false;
                    }
                    case FULL -> refused = Optional.of(SendError.Kind.TIMEOUT);
                    case TAKEN -> {
                        dial = dialling.begins(true);
                        work.came();
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        refused.ifPresent(kind -> network.outbound().refused(message, kind));
        if (dial) {
            network.dial(this);
        }
        return true;
    }

    /** A handshake is over. @return false when this object is not used any more: ask for another */
    boolean attach(Connection connection) {
        Optional<Connection> tooMany;
        lock.lock();
        try {
            if (isGone()) {
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
        boolean begins = connections.use(connection, network.machine().nanos());
        streams.used(connection);
        work.came();
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
            over = isGone();
            if (!over) {
                line.putBack(messages);
            }
            dial = dialling.begins(!over);
            work.came();
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
            sender.awaitEnd(connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Lets {@code connection} finish what it is sending, and send no more. */
    void retire(Connection connection) {
        locked(() -> {
            dismiss(connection, true);
            return true;
        });
    }

    private void dismiss(Connection connection, boolean useful) {
        streams.retired(connection);
        if (connections.isCurrent(connection)) {
            connections.dismiss();
            dialling.attempts().lost(network.machine().nanos(), useful || connection.wasUseful());
            work.came();
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
                if (dialling.tooEarly()) {
                    failed = takeAll();
                    lost = true;
                } else {
                    dial = dialling.begins(lost ? line.size() > 0 : isNeeded());
                }
            }
        } finally {
            lock.unlock();
        }
        if (lost) {
            offline(failed);
        }
        if (dial) {
            network.dial(this);
        }
    }

    /** Nothing of what waits, or may not have arrived, goes out any more. With the lock held. */
    List<Outgoing> takeAll() {
        streams.give();
        room.freed();
        return line.takeAll();
    }

    /** Whether there is a connection to send over. */
    boolean isConnected() {
        return locked(connections::any);
    }

    /** Whether something waits or may not have arrived, or an answer is awaited. With the lock held. */
    boolean isNeeded() {
        return line.size() > 0 || !streams.isEmpty() || network.inflight().count(name) > 0;
    }

    /** Whether others can be led to it. */
    boolean isLed() {
        return connections().stream().anyMatch(each -> !each.dialled() && each.leads());
    }

    /** It failed: ends what was to be sent, and what may have gone. */
    void offline(List<Outgoing> failed) {
        failed.forEach(message -> network.outbound().refused(message, SendError.Kind.OFFLINE));
        network.inflight().fail(name, SendError.Kind.OFFLINE);
    }

    Dialling dialling() {
        return dialling;
    }

    /** Whether it must not be used any more. With the lock held. */
    boolean isGone() {
        return room.isClosed();
    }

    Streams streams() {
        return streams;
    }

    List<Connection> connections() {
        return locked(connections::all);
    }

    /** Ends all connections, and what waits for them. What comes under this name afterwards may be another node. */
    void close(String why) {
        connections().forEach(connection -> connection.close(why));
        locked(() -> {
            streams.forgetRuns();
            return takeAll();
        }).forEach(message -> network.outbound().refused(message, SendError.Kind.OFFLINE));
    }

    /** What waits to be sent, for whoever comes after this node's network. */
    List<Outgoing> takeWaiting() {
        return locked(() -> {
            room.close();
            return line.takeAll();
        });
    }

    /** Closes connections that nobody uses; whether there is nothing left of this peer, which must not be used then. */
    boolean tidy(long now, boolean inUse) {
        return locked(() -> {
            work.tick(now);
            connections.closeUnused(now, line.size() > 0 || !streams.isEmpty() || inUse);
            streams.receiver().closeStuck(now);
            if (connections.isEmpty() && line.size() == 0 && streams.isEmpty() && !room.isAwaited()
                    && dialling.attempts().forgotten(now, TimeUnit.MINUTES.toNanos(1))) {
                room.close();
                streams.receiver().close();
            }
            return isGone();
        });
    }

    NetReport.PeerReport report(long now, long open) {
        return locked(() -> connections.report(now, dialling.attempts().running(), line.size(), open));
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }
}
