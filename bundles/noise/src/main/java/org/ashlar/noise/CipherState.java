package org.ashlar.noise;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/**
 * One direction of an encrypted channel: a ChaCha20-Poly1305 key and the number of the next message (Noise 5.1). Both
 * sides must go through the same messages in the same order; one that was lost, repeated or changed is noticed. Not for
 * several threads.
 */
public final class CipherState {
    /** How much longer a ciphertext is than its plaintext, in bytes. */
    public static final int TAG = 16;
    /** Longest Noise message, in bytes (Noise 3). */
    public static final int MAX_MESSAGE = 65_535;
    /** Longest plaintext of one transport message, in bytes. */
    public static final int MAX_PLAINTEXT = MAX_MESSAGE - TAG;

    private static final int NONCE = 12;
    /** The number that no message may have: it is for making a new key (Noise 5.1). */
    private static final long RESERVED = -1;
    private static final byte[] NOTHING = {};

    private final Cipher cipher;
    private final Key key;
    private final byte[] nonce = new byte[NONCE];
    private long next;

    /** @param key 32 bytes; copied */
    CipherState(byte[] key) {
        this.key = new Key(key.clone());
        try {
            cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has ChaCha20-Poly1305", e);
        }
    }

    /**
     * Encrypts the next message.
     *
     * @param out receives {@code length + }{@link #TAG} bytes from {@code outOffset}
     * @throws NoiseException when the key has encrypted 2^64-1 messages: it is used up
     */
    public void encrypt(byte[] in, int offset, int length, byte[] out, int outOffset) {
        encrypt(NOTHING, in, offset, length, out, outOffset);
    }

    void encrypt(byte[] associated, byte[] in, int offset, int length, byte[] out, int outOffset) {
        if (length > MAX_PLAINTEXT) {
            throw new IllegalArgumentException(length + " bytes do not fit into one message; at most " + MAX_PLAINTEXT + " do");
        }
        available();
        try {
            start(Cipher.ENCRYPT_MODE, next, associated);
            cipher.doFinal(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("encrypting " + length + " bytes", e);
        }
        next++;
    }

    /**
     * Decrypts what should be the next message. Fastest when {@code offset} is 0: elsewhere the JDK makes a copy first.
     *
     * @param length of the ciphertext, its tag included
     * @param out    receives {@code length - }{@link #TAG} bytes from {@code outOffset}
     * @throws NoiseException when it is not the next message that the other side encrypted with this key, or when the key
     *         is used up; nothing was decrypted then, and the number of the next message stays
     */
    public void decrypt(byte[] in, int offset, int length, byte[] out, int outOffset) {
        decrypt(NOTHING, in, offset, length, out, outOffset);
    }

    void decrypt(byte[] associated, byte[] in, int offset, int length, byte[] out, int outOffset) {
        if (length < TAG || length > MAX_MESSAGE) {
            throw new NoiseException("an encrypted message has " + TAG + " to " + MAX_MESSAGE + " bytes, not " + length);
        }
        available();
        try {
            start(Cipher.DECRYPT_MODE, next, associated);
            cipher.doFinal(in, offset, length, out, outOffset);
        } catch (AEADBadTagException e) {
            throw new NoiseException("message " + Long.toUnsignedString(next) + " was changed on the way, or is not the next one", e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("decrypting " + length + " bytes", e);
        }
        next++;
    }

    /** Goes on with a new key made of this one, which is forgotten (Noise 4.2). Both sides must do so at the same message. */
    public void rekey() {
        available();
        byte[] made = new byte[Key.LENGTH + TAG];
        try {
            start(Cipher.ENCRYPT_MODE, RESERVED, NOTHING);
            cipher.doFinal(new byte[Key.LENGTH], 0, Key.LENGTH, made, 0);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("making a key", e);
        }
        key.replace(made);
        Arrays.fill(made, (byte) 0);
    }

    /** How many messages have been encrypted or decrypted, as an unsigned number: that of the next one. */
    public long next() {
        return next;
    }

    /** The number of the next message: for tests of what happens when numbers run out. */
    void next(long number) {
        next = number;
    }

    /** Forgets the key. The JDK's cipher keeps a copy until the collector takes it: that is out of reach. */
    void wipe() {
        key.destroy();
        next = RESERVED;
    }

    private void available() {
        if (next == RESERVED) {
            throw new NoiseException("this key is used up, or was wiped");
        }
    }

    private void start(int mode, long number, byte[] associated) throws GeneralSecurityException {
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[NONCE - Long.BYTES + i] = (byte) (number >>> i * Byte.SIZE);
        }
        cipher.init(mode, key, new IvParameterSpec(nonce));
        if (associated.length > 0) {
            cipher.updateAAD(associated);
        }
    }

    /** A key that can be wiped, which the JDK's own cannot. */
    private static final class Key implements SecretKey {
        static final int LENGTH = 32;
        private static final long serialVersionUID = 1L;

        private final transient byte[] bytes;
        private transient boolean destroyed;

        Key(byte[] bytes) {
            this.bytes = bytes;
        }

        void replace(byte[] by) {
            System.arraycopy(by, 0, bytes, 0, LENGTH);
        }

        @Override
        public String getAlgorithm() {
            return "ChaCha20";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return bytes.clone();
        }

        @Override
        public void destroy() {
            Arrays.fill(bytes, (byte) 0);
            destroyed = true;
        }

        @Override
        public boolean isDestroyed() {
            return destroyed;
        }
    }
}
