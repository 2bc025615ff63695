package org.ashlar.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.Transport;
import org.ashlar.noise.NoiseException;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.SessionEvent;
import org.ashlar.noise.Wire;

/**
 * A link to another node, and the session on it.
 * <p>
 * Life cycle: {@link #run} does the handshake and then receives until the end, on one virtual thread. Once the handshake is
 * over, its {@link Peer} decides whether it also sends, which a second virtual thread does as long as this is the one
 * connection that the peer sends over. However it ends, {@link Events#ended} is called once, last.
 */
final class Connection {
    private final Link link;
    private final Transport transport;
    private final boolean dialled;
    private final Machine machine;
    private final Events events;
    private final HandshakeEnd handshake;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final long since;
    private PeerSession session;
    private volatile long lastSent;
    private volatile long lastReceived;
    private volatile long sendingSince;
    /** Whether who made it keeps it because the other is its router. */
    private volatile boolean leads;
    /** Whether the other node is of this kind. */
    private volatile boolean extended;
    private volatile boolean closed;
    /** Why it was closed from this side, for a person. */
    private volatile String reason = "";

    /** What a connection tells whoever made it. All on the thread that runs it, and in order. */
    interface Events {
        /** Both sides know each other. */
        void established(Connection connection, SessionEvent.Established event);

        /** A message came. May take its time: meanwhile nothing more is received. */
        void received(Connection connection, SessionEvent.Received event);

        /**
         * Somebody asks to be led elsewhere. The link is taken over: it is not closed when this one is over.
         *
         * @throws IOException when it is not, and why
         */
        void routing(Connection connection, SessionEvent.Routing event) throws IOException;

        /** What a node of this kind says instead of bare messages. */
        void frame(Connection connection, byte[] bytes) throws IOException;

        /** For the log. */
        void note(Connection connection, String text);

        /** The other side sends no more. To return when this side does not, either. */
        void finishing(Connection connection);

        /**
         * It is over.
         *
         * @param clean whether the other side ended it in order; what it had been sent before, it has received
         */
        void ended(Connection connection, boolean clean);
    }

    /** @param session made when the first bytes come, or at once by who dials */
    Connection(Link link, Transport transport, boolean dialled, Machine machine, Events events) {
        this.link = link;
        this.transport = transport;
        this.dialled = dialled;
        this.machine = machine;
        this.events = events;
        handshake = new HandshakeEnd(machine);
        since = machine.nanos();
        lastSent = since;
        lastReceived = since;
    }

    static Wire wire(Transport transport) {
        return transport.keepsPieces() ? Wire.WEBSOCKET : Wire.TCP;
    }

    Link link() {
        return link;
    }

    Transport transport() {
        return transport;
    }

    boolean dialled() {
        return dialled;
    }

    long since() {
        return since;
    }

    long lastTraffic() {
        return lastSent - lastReceived > 0 ? lastSent : lastReceived;
    }

    /** Since when a write waits; 0 when none does. */
    long sendingSince() {
        return sendingSince;
    }

    AtomicLong sent() {
        return sent;
    }

    AtomicLong receivedCount() {
        return received;
    }

    /** Whether it has stood for a while, or something came over it. */
    boolean wasUseful() {
        return received.get() > 0 || machine.nanos() - since > Limits.STAYED.toNanos();
    }

    String reason() {
        return reason;
    }

    /** Whether the other node keeps it so that others can be led to it, or this node does. */
    boolean leads() {
        return leads && !closed;
    }

    void leadsFromNow() {
        leads = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Waits until both sides know each other. @throws IOException when that does not come about in time */
    void awaitEstablished(long nanos) throws IOException {
        if (!handshake.await(nanos)) {
            close("the handshake took too long");
            throw new IOException(reason);
        }
    }

    /** Runs it to its end. */
    void run(PeerSession made) {
        session = made;
        boolean clean = false;
        boolean takenOver = false;
        try {
            List<byte[]> first = session.start();
            if (!first.isEmpty()) {
                link.send(first);
            }
            Optional<byte[]> piece = link.receive();
            while (piece.isPresent() && !takenOver) {
                lastReceived = machine.nanos();
                for (SessionEvent event : session.receive(piece.get())) {
                    takenOver |= handle(event);
                }
                // One that sends without a pause would keep the processor from the others.
                Thread.yield();
                piece = takenOver ? piece : link.receive();
            }
            clean = piece.isEmpty() && handshake.hasSucceeded();
            if (clean) {
                events.finishing(this);
            }
        } catch (IOException e) {
            because(e.getMessage());
        } finally {
            session.close();
            if (!takenOver) {
                closed = true;
                link.close();
            }
            handshake.failed(reason.isEmpty() ? "the other side ended the connection" : reason);
            events.ended(this, clean);
        }
    }

    private boolean handle(SessionEvent event) throws IOException {
        switch (event) {
            case SessionEvent.Output(byte[] frame) -> link.send(List.of(frame));
            case SessionEvent.Established it -> {
                extended = it.extended();
                events.established(this, it);
                handshake.succeeded();
            }
            case SessionEvent.Frame(byte[] bytes) -> events.frame(this, bytes);
            case SessionEvent.Received it -> {
                received.incrementAndGet();
                events.received(this, it);
            }
            case SessionEvent.Dropped(String why) -> events.note(this, why);
            case SessionEvent.Routing it -> {
                events.routing(this, it);
                return true;
            }
            case SessionEvent.Failed(SessionEvent.Reason kind, String why) -> throw new IOException(why);
        }
        return false;
    }

    /** The frames of {@code message}, encrypted: to be sent next. For the thread that sends. */
    List<byte[]> encrypt(Outgoing message) {
        return session.send(message.envelope());
    }

    /** For the thread that sends. */
    void sendFrames(List<byte[]> plain) throws IOException {
        List<byte[]> pieces = new ArrayList<>(plain.size());
        try {
            plain.forEach(frame -> pieces.addAll(session.send(frame)));
        } catch (IllegalStateException | NoiseException e) {
            throw new IOException("the connection has ended", e);
        }
        send(pieces);
    }

    /** Handles a message that came in frames. For the thread that receives. */
    void deliver(byte[] message) throws IOException {
        for (SessionEvent event : session.message(message)) {
            handle(event);
        }
    }

    boolean isExtended() {
        return extended;
    }

    /** For the thread that sends. */
    void send(List<byte[]> frames) throws IOException {
        sendingSince = Math.max(1, machine.nanos());
        try {
            link.send(frames);
        } finally {
            sendingSince = 0;
            lastSent = machine.nanos();
        }
    }

    /** For the thread that sends. */
    void keepAlive() throws IOException {
        sendingSince = Math.max(1, machine.nanos());
        try {
            link.keepAlive();
        } finally {
            sendingSince = 0;
        }
    }

    /** Says that nothing more is sent; receiving goes on until the other side has finished, too. For the thread that sends. */
    void finish() {
        try {
            link.finish();
        } catch (IOException e) {
            close(e.getMessage());
        }
    }

    /** Ends it at once. Any thread. */
    void close(String why) {
        because(why);
        closed = true;
        link.close();
    }

    private void because(String why) {
        if (reason.isEmpty()) {
            reason = why == null ? "the link broke" : why;
        }
    }
}
