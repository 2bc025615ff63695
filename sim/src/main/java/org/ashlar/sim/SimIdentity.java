package org.ashlar.sim;

import java.util.Random;
import org.ashlar.api.identity.Identity;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A node's name and a real key, made of a seed. */
record SimIdentity(String name, byte[] secret, byte[] publicKey) implements Identity {
    static SimIdentity of(String name, Random random) {
        byte[] secret = new byte[Ed25519.SECRET_KEY_SIZE];
        random.nextBytes(secret);
        byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(secret, 0, key, 0);
        return new SimIdentity(name, secret, key);
    }

    @Override
    public byte[] sign(byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(secret, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == Ed25519.SIGNATURE_SIZE && Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
    }
}
