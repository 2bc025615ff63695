package org.ashlar.net;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final OutStream out = new OutStream();
    private final InStream in = new InStream();
    private final Map<Connection, Side> sides = new HashMap<>();
    /** Incarnations that others took the place of. */
    private final Set<Long> former = new LinkedHashSet<>();
    private Optional<Long> incarnation = Optional.empty();
    private long copiesSince;
    private boolean copies;
    /** Whether somebody hands over a message that has come. */
    private boolean busy;

    /** What there is to a connection. */
    private static final class Side {
        private final Deque<PeerFrame> control = new ArrayDeque<>();
        private Optional<Long> incarnation = Optional.empty();
        private Optional<Long> stream = Optional.empty();
        private boolean opened;
        private boolean leaving;
    }

    Streams(Peer peer, Network network, ReentrantLock lock, Condition work, Connections connections) {
        this.peer = peer;
        this.network = network;
        this.lock = lock;
        this.work = work;
        this.connections = connections;
        turn = lock.newCondition();
    }

    /** A handshake is over. With the lock held. */
    void attached(Connection connection) {
        Side side = new Side();
        side.control.add(new PeerFrame.Hello(network.incarnation()));
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
            side.leaving = true;
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

    /** Whether nothing is under way to the other node. With the lock held. */
    boolean isEmpty() {
        return out.isEmpty();
    }

    /** Whether two copies of the other node run, as was seen a short while ago. With the lock held. */
    boolean seesCopies() {
        return copies && network.clock().nanos() - copiesSince < Limits.COPIES.toNanos();
    }

    private void say(Side side, PeerFrame frame) {
        if (side.control.size() < Limits.CONTROL) {
            side.control.add(frame);
        }
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
                case PeerFrame.Copies it -> network.copiesOfThisNode(peer.name());
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
        boolean[] restarted = {false};
        boolean[] twice = {false};
        with(connection, side -> {
            if (former.contains(number)) {
                twice[0] = true;
                leave(side);
                return;
            }
            restarted[0] = incarnation.isPresent() && incarnation.get() != number;
            if (restarted[0]) {
                replaced(incarnation.get());
            }
            incarnation = Optional.of(number);
            side.incarnation = incarnation;
            if (restarted[0]) {
                connections.use(connection, network.clock().nanos());
            }
            if (connections.isCurrent(connection)) {
                used(connection);
            }
        });
        if (restarted[0]) {
            network.inflight().fail(peer.name(), SendError.Kind.OFFLINE);
        }
        if (twice[0]) {
            seen();
        }
    }

    private void leave(Side side) {
        say(side, new PeerFrame.Copies());
        side.leaving = true;
    }

    private void replaced(long before) {
        if (former.size() >= Limits.INCARNATIONS) {
            former.remove(former.iterator().next());
        }
        former.add(before);
        give();
        sides.values().stream().filter(each -> each.incarnation.equals(Optional.of(before))).forEach(each -> say(each, new PeerFrame.Probe()));
    }

    /** One that was asked whether it is still there is: and if another took its place, there are two. */
    private void alive(Connection connection) {
        boolean[] twice = {false};
        with(connection, side -> {
            twice[0] = side.incarnation.isPresent() && former.contains(side.incarnation.get());
            if (twice[0]) {
                leave(side);
                sides.values().stream().filter(each -> each.incarnation.equals(incarnation)).forEach(each -> say(each, new PeerFrame.Copies()));
            }
        });
        if (twice[0]) {
            seen();
        }
    }

    private void seen() {
        boolean first;
        lock.lock();
        try {
            first = !seesCopies();
            copies = true;
            copiesSince = network.clock().nanos();
        } finally {
            lock.unlock();
        }
        if (first) {
            network.copiesOf(peer.name());
        }
    }

    private void open(Connection connection, long stream, long next) throws IOException {
        lock.lock();
        try {
            if (!in.is(stream)) {
                awaitTurn();
            }
            Side side = sides.get(connection);
            if (side == null || !side.incarnation.equals(incarnation)) {
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
        return side != null && (!side.control.isEmpty() || canSend(connection) && out.hasParts()
                || connections.isCurrent(connection) && in.hasUnsaid(urgent));
    }

    /** Whether it sends no more, once it has said what it had to. With the lock held. */
    boolean isLeaving(Connection connection) {
        Side side = sides.get(connection);
        return side == null || side.leaving && side.control.isEmpty();
    }

    private boolean canSend(Connection connection) {
        Side side = sides.get(connection);
        return side != null && side.opened && !side.leaving && connections.isCurrent(connection);
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
            while (!side.control.isEmpty()) {
                frames.add(side.control.poll().encode());
            }
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
