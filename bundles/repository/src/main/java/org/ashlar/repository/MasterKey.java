package org.ashlar.repository;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens: AES-256 in counter mode, then Poly1305-AES over the ciphertext, with the same random nonce for both:
 * {@code nonce(16) ‖ ciphertext ‖ MAC(16)}.
 * <p>
 * Threads: any number. Ciphers are dear to make and not for sharing, so they are lent from a pool.
 */
final class MasterKey {
    static final int NONCE = 16;
    static final int TAG = 16;
    /** What sealing adds. */
    static final int OVERHEAD = NONCE + TAG;
    static final int BYTES = 64;
    /** What a cipher is given at once: the JVM takes the processor's AES for what is called often, however much each call does. */
    private static final int PIECE = 8 << 10;

    private final byte[] encrypt;
    private final byte[] macK;
    private final byte[] macR;
    private final SecretKeySpec encryptKey;
    private final SecureRandom random;
    private final ConcurrentLinkedQueue<Ciphers> pool = new ConcurrentLinkedQueue<>();

    MasterKey(byte[] encrypt, byte[] macK, byte[] macR, SecureRandom random) {
        if (encrypt.length != 32 || macK.length != 16 || macR.length != 16) {
            throw new DamagedException("a key of the wrong length: " + encrypt.length + ", " + macK.length + " and " + macR.length
                    + " bytes instead of 32, 16 and 16");
        }
        this.encrypt = encrypt.clone();
        this.macK = macK.clone();
        this.macR = Poly1305.clamped(macR);
        this.encryptKey = new SecretKeySpec(this.encrypt, "AES");
        this.random = random;
    }

    static MasterKey random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return of(bytes, random);
    }

    /** From 64 bytes: the encryption key, then {@code k}, then {@code r} of Poly1305-AES. */
    static MasterKey of(byte[] bytes, SecureRandom random) {
        return new MasterKey(Arrays.copyOf(bytes, 32), Arrays.copyOfRange(bytes, 32, 48), Arrays.copyOfRange(bytes, 48, 64), random);
    }

    byte[] encrypt() {
        return encrypt.clone();
    }

    byte[] macK() {
        return macK.clone();
    }

    byte[] macR() {
        return macR.clone();
    }

    byte[] seal(byte[] plain) {
        byte[] sealed = new byte[plain.length + OVERHEAD];
        System.arraycopy(plain, 0, sealed, NONCE, plain.length);
        sealInPlace(sealed, 0, plain.length);
        return sealed;
    }

    /** Seals the {@code length} bytes that stand {@link #NONCE} behind {@code offset}; afterwards the sealed form begins at {@code offset}. */
    void sealInPlace(byte[] bytes, int offset, int length) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, bytes, offset, NONCE);
        Ciphers ciphers = lend();
        try {
            ciphers.stream(nonce, bytes, offset + NONCE, length, bytes, offset + NONCE);
            ciphers.mac(nonce, bytes, offset + NONCE, length, bytes, offset + NONCE + length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
        pool.add(ciphers);
    }

    byte[] open(byte[] sealed) {
        return open(sealed, 0, sealed.length);
    }

    /** @throws DamagedException when it was not sealed with this key, or was changed since */
    byte[] open(byte[] sealed, int offset, int length) {
        int plain = length - OVERHEAD;
        if (plain < 0) {
            throw new DamagedException("only " + length + " bytes, and " + OVERHEAD + " are the least a sealed object has");
        }
        byte[] opened = new byte[plain];
        open(sealed, offset, plain, opened, 0);
        return opened;
    }

    /** The same in place: afterwards the plaintext begins {@link #NONCE} behind {@code offset}. */
    void openInPlace(byte[] sealed, int offset, int length) {
        open(sealed, offset, length - OVERHEAD, sealed, offset + NONCE);
    }

    private void open(byte[] sealed, int offset, int plain, byte[] to, int at) {
        byte[] nonce = Arrays.copyOfRange(sealed, offset, offset + NONCE);
        byte[] tag = new byte[TAG];
        Ciphers ciphers = lend();
        try {
            ciphers.mac(nonce, sealed, offset + NONCE, plain, tag, 0);
            byte[] stored = Arrays.copyOfRange(sealed, offset + NONCE + plain, offset + OVERHEAD + plain);
            if (!MessageDigest.isEqual(tag, stored)) {
                throw new DamagedException("the authentication code does not match: changed since it was written, or sealed with another key");
            }
            ciphers.stream(nonce, sealed, offset + NONCE, plain, to, at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        } finally {
            pool.add(ciphers);
        }
    }

    private Ciphers lend() {
        Ciphers free = pool.poll();
        try {
            return free == null ? new Ciphers() : free;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
    }

    /** For one thread at a time. */
    private final class Ciphers {
        private final Cipher counter = Cipher.getInstance("AES/CTR/NoPadding");
        private final Cipher block = Cipher.getInstance("AES/ECB/NoPadding");
        private final Poly1305 poly = new Poly1305();

        Ciphers() throws GeneralSecurityException {
            block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(macK, "AES"));
        }

        void stream(byte[] nonce, byte[] from, int offset, int length, byte[] to, int at) throws GeneralSecurityException {
            counter.init(Cipher.ENCRYPT_MODE, encryptKey, new IvParameterSpec(nonce));
            int done = 0;
            for (; length - done > PIECE; done += PIECE) {
                counter.update(from, offset + done, PIECE, to, at + done);
            }
            counter.doFinal(from, offset + done, length - done, to, at + done);
        }

        void mac(byte[] nonce, byte[] from, int offset, int length, byte[] to, int at) throws GeneralSecurityException {
            poly.begin(macR, block.doFinal(nonce));
            poly.update(from, offset, length);
            poly.end(to, at);
        }
    }
}
