package org.ashlar.noise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.api.message.Envelope;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.HandshakePayload;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.codec.MisaddressedException;
import org.ashlar.codec.RoutingRequest;
import org.ashlar.noise.SessionEvent.Reason;

/**
 * One side of a connection between two nodes, without the connection: bytes that came in become events, messages become
 * bytes (reference-modules 1.4 to 1.9).
 * <p>
 * {@link #start} gives what to write first. Everything that comes in goes to {@link #receive}, in order. After
 * {@link SessionEvent.Established}, messages go out through {@link #send}, in the order of the calls. After
 * {@link SessionEvent.Failed} or {@link #close} nothing happens any more, and all keys are wiped. There is no clock in it:
 * who holds the connection bounds how long a handshake takes, and closes what is idle.
 * <p>
 * One thread may receive while another one sends; neither method is for several threads at a time. {@link #close} is
 * for the thread that receives. A session that ends waits for the message that is being encrypted, so that nothing is ever
 * encrypted with a key that has been wiped.
 */
public final class PeerSession {
    private enum Awaits { FIRST, SECOND, THIRD, MESSAGES, NOTHING }

    private static final byte[] NOTHING = {};
    private static final int FIRST_LENGTH = NoiseKey.LENGTH;

    private final LocalNode us;
    private final Wire wire;
    private final FrameReader reader;
    private final boolean proxyRequest;
    private final Optional<RoutingRequest> request;
    /** Whom the other side must turn out to be, where that is known beforehand. */
    private final Optional<String> expected;
    private final byte[] statement;
    private final Handshake handshake;
    /** Held while a message is encrypted, and while keys are wiped. */
    private final ReentrantLock sending = new ReentrantLock();
    private Awaits awaits;
    private volatile Optional<Channel> channel = Optional.empty();

    private record Channel(String peer, CipherPair ciphers, boolean extended) { }

    private PeerSession(LocalNode us, Wire wire, Awaits awaits, Optional<String> expected, Optional<RoutingRequest> request,
                        boolean proxyRequest) {
        this.us = us;
        this.wire = wire;
        this.awaits = awaits;
        this.expected = expected;
        this.request = request;
        this.proxyRequest = proxyRequest;
        reader = FrameReader.of(wire);
        NoiseKey ourStatic = us.fresh().get();
        statement = ourStatic.publicKey();
        handshake = new Handshake(awaits == Awaits.SECOND, NOTHING, ourStatic, us.fresh().get());
    }

    /**
     * A session to {@code peer} itself.
     *
     * @param proxyRequest whether the peer is a router of ours, to tell us when others ask for us
     */
    public static PeerSession dial(LocalNode us, Wire wire, String peer, boolean proxyRequest) {
        return new PeerSession(us, wire, Awaits.SECOND, Optional.of(peer), Optional.empty(), proxyRequest);
    }

    /** A session to the request's target, through the router that the request is for. */
    public static PeerSession dialThrough(LocalNode us, Wire wire, RoutingRequest request) {
        return new PeerSession(us, wire, Awaits.SECOND, Optional.of(request.target()), Optional.of(request), false);
    }

    /** A session with whoever has connected. */
    public static PeerSession accept(LocalNode us, Wire wire) {
        return new PeerSession(us, wire, Awaits.FIRST, Optional.empty(), Optional.empty(), false);
    }

    /** A session with the request's target, which waits at the router that the request is for, and speaks first. */
    public static PeerSession acceptThrough(LocalNode us, Wire wire, RoutingRequest request) {
        return new PeerSession(us, wire, Awaits.FIRST, Optional.of(request.target()), Optional.of(request), false);
    }

    /** What to write before anything is read; on a WebSocket a binary message each. To be called once. */
    public List<byte[]> start() {
        List<byte[]> frames = new ArrayList<>();
        request.ifPresent(asked -> frames.add(FrameWriter.handshake(wire, asked.encode())));
        if (handshake.writes()) {
            frames.add(FrameWriter.handshake(wire, handshake.write(NOTHING)));
        }
        return frames;
    }

    /**
     * Takes what came in: for TCP any piece of the stream, for WebSocket one binary message. {@code bytes} can be used again
     * afterwards. Never throws for what the other side does: that is an event.
     */
    public List<SessionEvent> receive(byte[] bytes, int offset, int length) {
        List<SessionEvent> events = new ArrayList<>();
        if (awaits == Awaits.NOTHING) {
            return events;
        }
        try {
            reader.offer(bytes, offset, length);
            while (step(events)) {
                // Each step adds what it found.
            }
        } catch (NoiseException | CodecException e) {
            fail(events, Reason.MALFORMED, e.getMessage());
        }
        return events;
    }

    public List<SessionEvent> receive(byte[] bytes) {
        return receive(bytes, 0, bytes.length);
    }

    /** Who the other side is, once that is known for certain. */
    public Optional<String> peer() {
        return channel.map(Channel::peer);
    }

    /**
     * Encrypts a message for the peer. What this gives must be written completely and in order, or the session is of no use
     * any more. The message's blob is read: when it lies in a file, not on a virtual thread.
     *
     * @return what to write; on a WebSocket a binary message each
     * @throws CodecException when the message is too large ({@link MessagePackCodec#MAX_MESSAGE}); the session goes on
     * @throws IllegalArgumentException when its source is no process of this node, or its target none of the peer
     * @throws IllegalStateException when the session is not established, or over
     * @throws NoiseException when the channel's key is used up
     */
    public List<byte[]> send(Envelope envelope) {
        Channel open = open();
        if (!envelope.source().node().equals(us.identity().name()) || !envelope.target().node().equals(open.peer())) {
            throw new IllegalArgumentException("a message from " + envelope.source() + " to " + envelope.target()
                    + " is not one from " + us.identity().name() + " to " + open.peer());
        }
        return encrypt(MessagePackCodec.encode(envelope));
    }

    /**
     * Encrypts a {@link org.ashlar.codec.PeerFrame}, for a peer that speaks them. Otherwise as {@link #send(Envelope)}.
     *
     * @throws IllegalStateException when the session is not established, or over
     */
    public List<byte[]> send(byte[] frame) {
        return encrypt(frame);
    }

    private List<byte[]> encrypt(byte[] message) {
        sending.lock();
        try {
            return FrameWriter.message(wire, open().ciphers().sending(), message);
        } finally {
            sending.unlock();
        }
    }

    /**
     * What becomes of a message that the peer sent in {@link org.ashlar.codec.PeerFrame}s; its length is for the caller to bound.
     * For the thread that receives.
     */
    public List<SessionEvent> message(byte[] bytes) {
        List<SessionEvent> events = new ArrayList<>(1);
        channel.ifPresent(open -> {
            try {
                message(events, open, bytes, bytes.length);
            } catch (CodecException e) {
                fail(events, Reason.MALFORMED, e.getMessage());
            }
        });
        return events;
    }

    private Channel open() {
        return channel.orElseThrow(() -> new IllegalStateException("the session is not established"));
    }

    /** Ends the session and wipes its keys. */
    public void close() {
        sending.lock();
        try {
            awaits = Awaits.NOTHING;
            handshake.abort();
            channel.ifPresent(open -> open.ciphers().wipe());
            channel = Optional.empty();
        } finally {
            sending.unlock();
        }
    }

    /** Whether there may be more to find in what came in. */
    private boolean step(List<SessionEvent> events) {
        if (awaits == Awaits.NOTHING) {
            return false;
        }
        if (awaits == Awaits.MESSAGES) {
            Channel open = channel.orElseThrow();
            Optional<byte[]> message = reader.message(open.ciphers().receiving());
            message.ifPresent(bytes -> {
                if (open.extended()) {
                    events.add(new SessionEvent.Frame(bytes));
                } else {
                    message(events, open, bytes, MessagePackCodec.MAX_MESSAGE);
                }
            });
            return message.isPresent();
        }
        Optional<byte[]> frame = reader.handshake();
        frame.ifPresent(bytes -> {
            switch (awaits) {
                case FIRST -> first(events, bytes);
                case SECOND -> {
                    HandshakePayload theirs = HandshakePayload.parse(handshake.read(bytes));
                    if (accepted(events, theirs)) {
                        output(events, handshake.write(payload(us.extended() && theirs.extended())));
                        establish(events, theirs);
                    }
                }
                default -> {
                    HandshakePayload theirs = HandshakePayload.parse(handshake.read(bytes));
                    if (accepted(events, theirs)) {
                        establish(events, theirs);
                    }
                }
            }
        });
        return frame.isPresent();
    }

    /** A first frame of 32 bytes is a handshake's; any other asks to be led elsewhere (reference-modules 1.8). */
    private void first(List<SessionEvent> events, byte[] frame) {
        if (frame.length == FIRST_LENGTH || request.isPresent()) {
            if (handshake.read(frame).length > 0) {
                throw new NoiseException("the first message of a handshake has " + FIRST_LENGTH + " bytes, not " + frame.length);
            }
            output(events, handshake.write(payload(us.extended())));
            awaits = Awaits.THIRD;
            return;
        }
        RoutingRequest asked = RoutingRequest.parse(frame);
        events.add(new SessionEvent.Routing(asked, reader.rest()));
        close();
    }

    /** Who answers says at once whether it speaks more than the specification's form; who dialled, when it has heard it. */
    private byte[] payload(boolean extended) {
        return new HandshakePayload(HandshakePayload.VERSION, us.identity().name(), us.identity().sign(statement), proxyRequest,
                extended).encode();
    }

    private boolean accepted(List<SessionEvent> events, HandshakePayload theirs) {
        Optional<SessionEvent.Failed> refusal = us.refusal(theirs, handshake.theirStatic(), expected);
        refusal.ifPresent(each -> fail(events, each.reason(), each.why()));
        return refusal.isEmpty();
    }

    private void establish(List<SessionEvent> events, HandshakePayload theirs) {
        boolean extended = us.extended() && theirs.extended();
        channel = Optional.of(new Channel(theirs.name(), handshake.split(), extended));
        awaits = Awaits.MESSAGES;
        events.add(new SessionEvent.Established(theirs.name(), theirs.proxyRequest(), extended));
    }

    private void message(List<SessionEvent> events, Channel open, byte[] bytes, int most) {
        Envelope envelope;
        try {
            envelope = MessagePackCodec.decode(bytes, most);
        } catch (MisaddressedException e) {
            events.add(new SessionEvent.Dropped("a message from " + open.peer() + " was dropped: " + e.getMessage()));
            return;
        }
        if (!envelope.source().node().equals(open.peer())) {
            fail(events, Reason.SPOOFED, open.peer() + " sent a message in the name of " + envelope.source());
        } else if (!envelope.target().node().equals(us.identity().name())) {
            // The specification's kernel would send it on, and that node would then cut us off for it.
            fail(events, Reason.SPOOFED, open.peer() + " sent a message for " + envelope.target() + ", which is not here");
        } else {
            events.add(new SessionEvent.Received(envelope, bytes.length));
        }
    }

    private void output(List<SessionEvent> events, byte[] message) {
        events.add(new SessionEvent.Output(FrameWriter.handshake(wire, message)));
    }

    private void fail(List<SessionEvent> events, Reason reason, String why) {
        events.add(new SessionEvent.Failed(reason, why));
        close();
    }
}
