package org.ashlar.noise;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Optional;

/** The keys and the hash that a handshake builds up (Noise 5.2). Not for several threads. */
final class SymmetricState {
    private static final byte[] NOTHING = {};

    private final Blake2s blake = new Blake2s();
    private byte[] chainingKey;
    private byte[] hash;
    private Optional<CipherState> cipher = Optional.empty();

    SymmetricState(String protocol) {
        byte[] name = protocol.getBytes(US_ASCII);
        hash = name.length <= Blake2s.LENGTH ? Arrays.copyOf(name, Blake2s.LENGTH) : blake.hash(name);
        chainingKey = hash.clone();
    }

    void mixKey(byte[] material) {
        byte[][] keys = blake.derive(chainingKey, material);
        Arrays.fill(material, (byte) 0);
        Arrays.fill(chainingKey, (byte) 0);
        chainingKey = keys[0];
        cipher.ifPresent(CipherState::wipe);
        cipher = Optional.of(new CipherState(keys[1]));
        Arrays.fill(keys[1], (byte) 0);
    }

    void mixHash(byte[] data) {
        hash = blake.hash(hash, data);
    }

    /** How much longer than what is given to it the result of {@link #encryptAndHash} is. */
    int overhead() {
        return cipher.isPresent() ? CipherState.TAG : 0;
    }

    byte[] encryptAndHash(byte[] plaintext) {
        byte[] ciphertext = plaintext;
        if (cipher.isPresent()) {
            ciphertext = new byte[plaintext.length + CipherState.TAG];
            cipher.get().encrypt(hash, plaintext, 0, plaintext.length, ciphertext, 0);
        }
        mixHash(ciphertext);
        return ciphertext;
    }

    byte[] decryptAndHash(byte[] ciphertext) {
        byte[] plaintext = ciphertext;
        if (cipher.isPresent()) {
            plaintext = new byte[Math.max(0, ciphertext.length - CipherState.TAG)];
            cipher.get().decrypt(hash, ciphertext, 0, ciphertext.length, plaintext, 0);
        }
        mixHash(ciphertext);
        return plaintext;
    }

    byte[] handshakeHash() {
        return hash.clone();
    }

    /** The ciphers of the two directions: first that of the initiator's messages. Ends this state. */
    CipherState[] split() {
        byte[][] keys = blake.derive(chainingKey, NOTHING);
        wipe();
        CipherState[] ciphers = {new CipherState(keys[0]), new CipherState(keys[1])};
        Arrays.fill(keys[0], (byte) 0);
        Arrays.fill(keys[1], (byte) 0);
        return ciphers;
    }

    void wipe() {
        Arrays.fill(chainingKey, (byte) 0);
        cipher.ifPresent(CipherState::wipe);
    }
}
