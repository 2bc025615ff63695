package org.ashlar.bench.net;

import java.nio.ByteBuffer;
import org.ashlar.api.identity.Identity;
import org.ashlar.noise.Ed25519Key;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The name and key of the node of a number: the same in each JVM. It guards nothing. */
record BenchIdentity(String name, byte[] seed, byte[] publicKey) implements Identity {
    static BenchIdentity of(int number) {
        byte[] seed = ByteBuffer.allocate(Ed25519.SECRET_KEY_SIZE).putInt(number).array();
        byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, key, 0);
        return new BenchIdentity("node-" + number + ".os", seed, key);
    }

    Ed25519Key key() {
        return Ed25519Key.of(publicKey).orElseThrow();
    }

    @Override
    public byte[] sign(byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, publicKey, 0, null, message, 0, message.length, signature, 0);
        return signature;
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return key().verifies(message, signature);
    }
}
