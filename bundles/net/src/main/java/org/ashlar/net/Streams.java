package org.ashlar.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Work work;
    private final Connections connections;
    private final OutStream out;
    private final Receiver receiver;
    private final Map<Connection, Side> sides = new LinkedHashMap<>();
    private final Incarnations incarnations = new Incarnations(sides.values());

    Streams(Peer peer, Network network, ReentrantLock lock, Work work, Connections connections) {
        this.peer = peer;
        this.network = network;
        this.lock = lock;
        this.work = work;
        this.connections = connections;
        out = new OutStream(network::id);
        receiver = new Receiver(peer.name(), network, lock, work, sides, incarnations);
    }

    /** A handshake is over. With the lock held. */
    void attached(Connection connection) {
        Side side = new Side();
        side.say(new PeerFrame.Hello(network.incarnation(), network.reception().largest()));
        side.say(new PeerFrame.Speaks(PeerFrame.GROUPS));
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
            work.came();
        }
    }

    /** With the lock held. */
    void ended(Connection connection) {
        sides.remove(connection);
        work.came();
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
        work.came();
    }

    /** Takes what came over {@code connection}, on the thread that receives. */
    void frame(Connection connection, byte[] bytes) throws IOException {
        try {
            PeerFrame frame = PeerFrame.parse(bytes);
            for (PeerFrame each : frame instanceof PeerFrame.Group(List<PeerFrame> several) ? several : List.of(frame)) {
                frame(connection, each);
            }
        } catch (CodecException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void frame(Connection connection, PeerFrame frame) throws IOException {
        switch (frame) {
            case PeerFrame.Hello(long number, int largest) -> hello(connection, number, largest);
            case PeerFrame.Open(long stream, long next) -> receiver.open(connection, stream, next);
            case PeerFrame.Part part -> receiver.part(connection, part);
            case PeerFrame.Opened(long stream, long last) -> opened(connection, stream, last);
            case PeerFrame.Offer offer -> with(connection, side -> receiver.offered(side, offer));
            case PeerFrame.Take(long stream, long number) -> with(connection, side -> {
                if (stream == out.id()) {
                    out.granted(number);
                }
            });
            case PeerFrame.Ack(long stream, long last) -> acknowledged(stream, last);
            case PeerFrame.Probe it -> with(connection, side -> say(side, new PeerFrame.Alive()));
            case PeerFrame.Alive it -> alive(connection);
            case PeerFrame.Copies it -> network.copies().ofThisNode(network.name(), peer.name());
            case PeerFrame.Speaks(long version) -> with(connection, side -> side.takesGroups = version >= PeerFrame.GROUPS);
            case PeerFrame.Group it -> throw new CodecException("frame: a group in a group");
        }
    }

    private void acknowledged(long stream, long last) {
        lock.lock();
        try {
            boolean waits = !out.hasRoom();
            if (stream == out.id()) {
                out.acknowledged(last);
            }
            if (waits) {
                work.came();
            }
        } finally {
            lock.unlock();
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
                work.came();
            }
        } finally {
            lock.unlock();
        }
    }

    private void hello(Connection connection, long number, int largest) {
        Incarnations.News[] news = {Incarnations.News.KNOWN};
        with(connection, side -> {
            news[0] = incarnations.hello(side, number);
            side.largest = Math.min(largest, Limits.LARGEST);
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

    /** The other side says how far it has come: there it goes on, or anew when it has forgotten. */
    private void opened(Connection connection, long stream, long last) {
        boolean[] lost = {false};
        with(connection, side -> {
            if (stream == out.id() && connections.isCurrent(connection)) {
                if (last != PeerFrame.UNKNOWN) {
                    out.resume(last);
                    side.opened = true;
                    side.offersAgain = true;
                } else {
                    lost[0] = !out.isEmpty();
                    give();
                    used(connection);
                }
            }
        });
        if (lost[0]) {
            network.inflight().fail(peer.name(), SendError.Kind.OFFLINE);
        }
    }

    /** Whether {@code connection} has anything to send but new messages. With the lock held. */
    boolean hasFrames(Connection connection) {
        Side side = sides.get(connection);
        return side != null && (side.hasToSay() || offersAgain(connection) || canSend(connection) && out.hasParts()
                || acknowledges(connection, side) && receiver.hasUnsaid(!work.isDue()));
    }

    private boolean acknowledges(Connection connection, Side side) {
        return connections.isCurrent(connection) && side.incarnation.isPresent();
    }

    /** Whether the other side understands {@link PeerFrame.Group}s. */
    boolean takesGroups(Connection connection) {
        lock.lock();
        try {
            Side side = sides.get(connection);
            return side != null && side.takesGroups;
        } finally {
            lock.unlock();
        }
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

    /** After a cut, what was offered is offered again, once the parts of what was before it in its lane have gone. */
    private boolean offersAgain(Connection connection) {
        return canSend(connection) && sides.get(connection).offersAgain && !out.goesAgain();
    }

    /** Whether new messages may go over {@code connection} now. With the lock held. */
    boolean takesMessages(Connection connection) {
        return canSend(connection) && out.hasRoom();
    }

    /** Bytes of the largest message that can go over {@code connection}, which {@link #takesMessages takes messages} or did so. */
    int largest(Connection connection) {
        lock.lock();
        try {
            return Optional.ofNullable(sides.get(connection)).map(side -> side.largest).orElse(Limits.LARGEST);
        } finally {
            lock.unlock();
        }
    }

    Receiver receiver() {
        return receiver;
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
            if (acknowledges(connection, side) && receiver.hasUnsaid(false)) {
                frames.add(receiver.acknowledgement().encode());
                work.sent();
            }
            if (offersAgain(connection)) {
                out.offers().forEach(offer -> frames.add(offer.encode()));
                side.offersAgain = false;
            }
        }
        return frames;
    }

    /** Parts that go again, and those of large messages. With the lock held. */
    List<byte[]> parts(Connection connection) {
        return canSend(connection) ? out.parts() : List.of();
    }
}
