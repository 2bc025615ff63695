package org.ashlar.noise;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * An X25519 key pair (RFC 7748). Not for several threads.
 * <p>
 * Bouncy Castle rather than the JDK: an agreement and a new pair take less time
 * (docs/rationale.md).
 */
public final class NoiseKey {
    /** Length of a private key, a public key, and what two of them agree on, in bytes. */
    public static final int LENGTH = X25519.POINT_SIZE;

    private final byte[] secret;
    private final byte[] point = new byte[LENGTH];

    private NoiseKey(byte[] secret) {
        this.secret = secret;
        X25519.generatePublicKey(secret, 0, point, 0);
    }

    /** A new pair. {@code random} must be fit for keys. */
    public static NoiseKey generate(SecureRandom random) {
        byte[] secret = new byte[LENGTH];
        X25519.generatePrivateKey(random, secret);
        return new NoiseKey(secret);
    }

    /** The pair of a known private key, 32 bytes. */
    public static NoiseKey of(byte[] privateKey) {
        if (privateKey.length != LENGTH) {
            throw new IllegalArgumentException("an X25519 private key has " + LENGTH + " bytes, not " + privateKey.length);
        }
        return new NoiseKey(privateKey.clone());
    }

    public byte[] publicKey() {
        return point.clone();
    }

    /**
     * What this key and the other side's public key agree on.
     *
     * @throws NoiseException when the point is of low order: the result would be zero, whoever holds the private key
     *         (Noise 12.1 allows to refuse it, and RFC 7748 6.1 asks for it)
     */
    byte[] agree(byte[] theirs) {
        byte[] shared = new byte[LENGTH];
        if (!X25519.calculateAgreement(secret, 0, theirs, 0, shared, 0)) {
            throw new NoiseException("the other side sent a public key of low order");
        }
        return shared;
    }

    /** Forgets the private key. The pair is useless afterwards. */
    void wipe() {
        Arrays.fill(secret, (byte) 0);
    }
}
