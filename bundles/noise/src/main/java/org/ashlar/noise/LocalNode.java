package org.ashlar.noise;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ashlar.api.identity.Identity;
import org.ashlar.codec.HandshakePayload;
import org.ashlar.noise.SessionEvent.Reason;

/**
 * What sessions need of the node on this side. Shared by all of them; the functions may be called on any thread.
 *
 * @param identity who this node is
 * @param keys     gives the key by which the node of a name is known, if any. Called when a stranger has connected: not to wait
 * @param fresh    gives a key pair that nobody had before; called twice for each session, for its static and its ephemeral key
 * @param extended whether it speaks {@link org.ashlar.codec.PeerFrame}s with who does, too
 */
public record LocalNode(Identity identity, Function<String, Optional<Ed25519Key>> keys, Supplier<NoiseKey> fresh, boolean extended) {
    /** One that speaks the specification's form alone. */
    public LocalNode(Identity identity, Function<String, Optional<Ed25519Key>> keys, Supplier<NoiseKey> fresh) {
        this(identity, keys, fresh, false);
    }

    /** With key pairs of the system's random source. */
    public LocalNode(Identity identity, Function<String, Optional<Ed25519Key>> keys) {
        this(identity, keys, system());
    }

    /** The same node, which speaks {@link org.ashlar.codec.PeerFrame}s with who does, too. */
    public LocalNode withExtension() {
        return new LocalNode(identity, keys, fresh, true);
    }

    /** Why there is to be no session with a node that says {@code theirs}; empty when it is the one {@code expected}, or any that is known. */
    Optional<SessionEvent.Failed> refusal(HandshakePayload theirs, byte[] theirStatic, Optional<String> expected) {
        String name = theirs.name();
        if (theirs.version() != HandshakePayload.VERSION) {
            return refusal(Reason.VERSION, name + " speaks version " + theirs.version() + " of the protocol, and this node "
                    + HandshakePayload.VERSION);
        }
        if (expected.isPresent() && !expected.get().equals(name)) {
            return refusal(Reason.WRONG_PEER, name + " answers where " + expected.get() + " was expected");
        }
        Optional<Ed25519Key> key = keys.apply(name);
        if (key.isEmpty()) {
            return refusal(Reason.UNKNOWN_PEER, "nothing is known here of " + name);
        }
        return key.get().verifies(theirStatic, theirs.signature()) ? Optional.empty()
                : refusal(Reason.WRONG_PEER, "somebody who says to be " + name + " does not hold the key " + key.get()
                        + " that it is known by");
    }

    private static Optional<SessionEvent.Failed> refusal(Reason reason, String why) {
        return Optional.of(new SessionEvent.Failed(reason, why));
    }

    private static Supplier<NoiseKey> system() {
        SecureRandom random = new SecureRandom();
        return () -> NoiseKey.generate(random);
    }
}
