package org.ashlar.noise;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ashlar.api.identity.Identity;

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

    private static Supplier<NoiseKey> system() {
        SecureRandom random = new SecureRandom();
        return () -> NoiseKey.generate(random);
    }
}
