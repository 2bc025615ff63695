package org.ashlar.noise;

import org.ashlar.api.message.Envelope;
import org.ashlar.codec.RoutingRequest;

/** What came of bytes that a {@link PeerSession} received. In order: what comes after {@link Failed} does not exist. */
public sealed interface SessionEvent {
    /** Write this to the connection; on a WebSocket as one binary message. */
    record Output(byte[] frame) implements SessionEvent { }

    /**
     * Both know who the other is, and messages can go either way.
     *
     * @param peer         the other node, whose key has signed
     * @param proxyRequest whether it wants to be told when others ask for it here
     * @param extended     whether {@link org.ashlar.codec.PeerFrame}s go either way from now on, and no bare messages
     */
    record Established(String peer, boolean proxyRequest, boolean extended) implements SessionEvent { }

    /** A {@link org.ashlar.codec.PeerFrame}, as it came. */
    record Frame(byte[] bytes) implements SessionEvent { }

    /**
     * A message. Its source is a process of the peer, its target one of this node.
     *
     * @param bytes how long it was on the wire, without encryption
     */
    record Received(Envelope envelope, int bytes) implements SessionEvent { }

    /**
     * The other side does not want to talk to this node, but to be led to another. Nothing of the request is checked. The
     * session is over, the connection is not: what comes on it from now on, {@code rest} first, is for that node.
     */
    record Routing(RoutingRequest request, byte[] rest) implements SessionEvent { }

    /** A message was dropped; the session goes on. @param why one line for a person */
    record Dropped(String why) implements SessionEvent { }

    /** The session is over, and the connection is to be closed. @param why one line for a person */
    record Failed(Reason reason, String why) implements SessionEvent { }

    /** Why a session failed. */
    enum Reason {
        /** Bytes that are no protocol at all, or were changed on the way. */
        MALFORMED,
        /** Another version of the protocol. */
        VERSION,
        /** A name that nobody has heard of. */
        UNKNOWN_PEER,
        /** A name whose key did not sign; or another name than was dialled. */
        WRONG_PEER,
        /** A message from somebody else than the peer, or to somebody else than this node. */
        SPOOFED
    }
}
