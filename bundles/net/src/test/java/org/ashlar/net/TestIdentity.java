package org.ashlar.net;

import java.security.SecureRandom;
import org.ashlar.api.identity.Identity;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A node's name and a key made for it. */
record TestIdentity(String name, byte[] seed) implements Identity {
    static TestIdentity of(String name) {
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        new SecureRandom().nextBytes(seed);
        return new TestIdentity(name, seed);
    }

    @Override
    public byte[] publicKey() {
        byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, key, 0);
        return key;
    }

    @Override
    public byte[] sign(byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == Ed25519.SIGNATURE_SIZE && Ed25519.verify(signature, 0, publicKey(), 0, message, 0, message.length);
    }
}
