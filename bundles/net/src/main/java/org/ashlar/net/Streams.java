package org.ashlar.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.api.message.SendError;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.PeerFrame;

/**
 * What goes between this node and another of its kind, over all connections between them ({@link PeerFrame}).
 * <p>
 * Life of a connection: both say {@link PeerFrame.Hello}; whoever sends over it says {@link PeerFrame.Open} and hears what has
 * arrived ({@link PeerFrame.Opened}); then parts go, first those that did not arrive over a connection before. A node that has been
 * started anew draws another incarnation: what the one before had is Offline. When the one before is still there, two copies of the
 * node run, and both nodes' persons are told; the one that came last is talked to.
 * <p>
 * Any thread may call, where it says so; the lock is the {@link Peer}'s.
 */
final class Streams {
    private final Peer peer;
    private final Network network;
    private final ReentrantLock lock;
    private final Condition work;
    private final Condition turn;
    private final Connections connections;
    private final OutStream out;
    private final InStream in = new InStream();
    private final Map<Connection, Side> sides = new LinkedHashMap<>();
    private final Incarnations incarnations = new Incarnations(sides.values());
    /** Whether somebody hands over a message that has come. */
    private boolean busy;

    Streams(Peer peer, Network network, ReentrantLock lock, Condition work, Connections connections) {
        this.peer = peer;
        this.network = network;
        this.lock = lock;
        this.work = work;
        this.connections = connections;
        turn = network.machine().condition(lock);
        out = new OutStream(network::id);
    }

    /** A handshake is over. With the lock held. */
    void attached(Connection connection) {
        Side side = new Side();
        side.say(new PeerFrame.Hello(network.incarnation()));
        sides.put(connection, side);
    }

    /** {@code connection} is the one that sends from now on. With the lock held. */
    void used(Connection connection) {
        Side side = sides.get(connection);
        if (side != null && side.incarnation.isPresent()) {
            side.opened = false;
            say(side, new PeerFrame.Open(out.id(), out.next()));
        }
    }

    /** It sends no more. With the lock held. */
    void retired(Connection connection) {
        Side side = sides.get(connection);
        if (side != null) {
            side.leave();
            work.signalAll();
        }
    }

    /** With the lock held. */
    void ended(Connection connection) {
        sides.remove(connection);
        work.signalAll();
    }

    /** Nothing that was sent will be sent again. With the lock held. */
    void give() {
        out.reset();
        sides.values().forEach(each -> each.opened = false);
    }

    /** Another key may stand for the name from now on: its runs are no copies of those there were. With the lock held. */
    void forgetRuns() {
        incarnations.forget();
    }

    /** Whether nothing is under way to the other node. With the lock held. */
    boolean isEmpty() {
        return out.isEmpty();
    }

    private void say(Side side, PeerFrame frame) {
        side.say(frame);
        work.signalAll();
    }

    /** Takes what came over {@code connection}, on the thread that receives. */
    void frame(Connection connection, byte[] bytes) throws IOException {
        try {
            switch (PeerFrame.parse(bytes)) {
                case PeerFrame.Hello(long number) -> hello(connection, number);
                case PeerFrame.Open(long stream, long next) -> open(connection, stream, next);
                case PeerFrame.Part part -> part(connection, part);
                case PeerFrame.Opened(long stream, long last) -> with(connection, side -> {
                    if (stream == out.id() && connections.isCurrent(connection)) {
                        out.resume(last);
                        side.opened = true;
                    }
                });
                case PeerFrame.Ack(long stream, long last) -> with(connection, side -> {
                    if (stream == out.id()) {
                        out.acknowledged(last);
                    }
                });
                case PeerFrame.Probe it -> with(connection, side -> say(side, new PeerFrame.Alive()));
                case PeerFrame.Alive it -> alive(connection);
                case PeerFrame.Copies it -> network.copies().ofThisNode(network.name(), peer.name());
            }
        } catch (CodecException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private interface Change {
        void on(Side side);
    }

    private void with(Connection connection, Change change) {
        lock.lock();
        try {
            Side side = sides.get(connection);
            if (side != null) {
                change.on(side);
                work.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void hello(Connection connection, long number) {
        Incarnations.News[] news = {Incarnations.News.KNOWN};
        with(connection, side -> {
            news[0] = incarnations.hello(side, number);
            if (news[0] == Incarnations.News.RESTARTED) {
                give();
                connections.use(connection, network.machine().nanos());
            }
            if (news[0] != Incarnations.News.COPY && connections.isCurrent(connection)) {
                used(connection);
            }
        });
        switch (news[0]) {
            case RESTARTED -> network.inflight().fail(peer.name(), SendError.Kind.OFFLINE);
            case COPY -> network.copies().of(peer.name());
            case KNOWN -> { }
        }
    }

    private void alive(Connection connection) {
        boolean[] twice = {false};
        with(connection, side -> twice[0] = incarnations.alive(side));
        if (twice[0]) {
            network.copies().of(peer.name());
        }
    }

    private void open(Connection connection, long stream, long next) throws IOException {
        lock.lock();
        try {
            if (!in.is(stream)) {
                awaitTurn();
            }
            Side side = sides.get(connection);
            if (side == null || !incarnations.isCurrent(side)) {
                return; // of a copy whose place another took: it is told to leave
            }
            if (!in.is(stream)) {
                in.begin(stream, next - 1);
            }
            side.stream = Optional.of(stream);
            say(side, new PeerFrame.Opened(stream, in.last()));
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

    private void part(Connection connection, PeerFrame.Part part) throws IOException {
        if (!begins(connection, part)) {
            return;
        }
        try {
            Optional<byte[]> message = in.take(part);
            if (message.isPresent()) {
                connection.deliver(message.get());
            }
        } finally {
            lock.lock();
            try {
                busy = false;
                in.taken(part);
                turn.signalAll();
                if (in.hasUnsaid(true)) {
                    work.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether the part is to be taken; then it is this thread's turn. */
    private boolean begins(Connection connection, PeerFrame.Part part) throws IOException {
        lock.lock();
        try {
            awaitTurn();
            Side side = sides.get(connection);
            if (side == null || side.stream.isEmpty()) {
                throw new IOException(peer.name() + " sent a part of nothing");
            }
            if (!in.is(side.stream.get())) {
                return false;
            }
            switch (in.verdict(part.number())) {
                case PASS_OVER -> {
                    return false;
                }
                case GAP -> throw new IOException(peer.name() + " left out parts " + (in.last() + 1) + " to " + (part.number() - 1));
                default -> busy = true;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@code connection} has anything to send but new messages. With the lock held. */
    boolean hasFrames(Connection connection, boolean urgent) {
        Side side = sides.get(connection);
        return side != null && (side.hasToSay() || canSend(connection) && out.hasParts()
                || connections.isCurrent(connection) && in.hasUnsaid(urgent));
    }

    /** Whether it sends no more, once it has said what it had to. With the lock held. */
    boolean isLeaving(Connection connection) {
        Side side = sides.get(connection);
        return side == null || side.isLeaving() && !side.hasToSay();
    }

    private boolean canSend(Connection connection) {
        Side side = sides.get(connection);
        return side != null && side.opened && !side.isLeaving() && connections.isCurrent(connection);
    }

    /** Whether new messages may go over {@code connection} now. With the lock held. */
    boolean takesMessages(Connection connection) {
        return canSend(connection) && out.hasRoom();
    }

    OutStream out() {
        return out;
    }

    /** What this side says beside messages. With the lock held. */
    List<byte[]> control(Connection connection) {
        List<byte[]> frames = new ArrayList<>();
        Side side = sides.get(connection);
        if (side != null) {
            frames.addAll(side.said());
            if (connections.isCurrent(connection) && side.incarnation.isPresent() && in.hasUnsaid(false)) {
                frames.add(new PeerFrame.Ack(in.id(), in.last()).encode());
                in.said();
            }
        }
        return frames;
    }

    /** Parts that go again, and those of large messages. With the lock held. */
    List<byte[]> parts(Connection connection) {
        return canSend(connection) ? out.parts() : List.of();
    }
}
