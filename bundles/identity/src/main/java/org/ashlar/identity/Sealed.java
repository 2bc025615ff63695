package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of a node sealed with a password: Argon2id makes a key of the password, ChaCha20-Poly1305 (RFC 8439) encrypts
 * the 32 bytes of the Ed25519 seed with it and authenticates all lines before, so that neither the name, nor the public key,
 * nor the cost can be changed without notice. Each file has a salt of its own, so no key is used twice.
 *
 * @param name      the node's name, readable without the password
 * @param publicKey the node's public key, the same
 * @param hash      how the password becomes a key
 * @param nonce     12 bytes
 * @param sealed    the seed and the tag, 48 bytes
 */
record Sealed(String name, byte[] publicKey, PasswordHash hash, byte[] nonce, byte[] sealed) implements Keyfile {
    static final String VERSION = "2";
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final String KEY = "key ";
    private static final String NONCE_LINE = "chacha20-poly1305 ";
    private static final String SEALED_LINE = "sealed ";
    private static final int LINES = 6;

    static Sealed of(List<String> lines) throws KeyfileException {
        Keyfile.requireLines(lines, LINES);
        return new Sealed(Keyfile.nodeName(lines.get(1)), Keyfile.hexAfter(KEY, lines.get(2), NodeKey.PUBLIC), PasswordHash.of(lines.get(3)),
                Keyfile.hexAfter(NONCE_LINE, lines.get(4), NONCE), Keyfile.hexAfter(SEALED_LINE, lines.get(5), NodeKey.SEED + TAG));
    }

    /** Seals {@code key}; the key that opens it again is {@code hash.keyOf(password)}. */
    static Sealed seal(NodeKey key, PasswordHash hash, byte[] fileKey) {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        Sealed header = new Sealed(key.name(), key.publicKey(), hash, nonce, new byte[0]);
        byte[] seed = key.seed();
        try {
            return new Sealed(key.name(), key.publicKey(), hash, nonce, header.cipher(Cipher.ENCRYPT_MODE, fileKey).doFinal(seed));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has ChaCha20-Poly1305", e);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** Opens it. @throws KeyfileException when {@code fileKey} is another, or the file was changed */
    NodeKey open(byte[] fileKey) throws KeyfileException {
        byte[] seed = null;
        try {
            seed = cipher(Cipher.DECRYPT_MODE, fileKey).doFinal(sealed);
            NodeKey key = new NodeKey(name, seed);
            if (!Arrays.equals(key.publicKey(), publicKey)) {
                throw new KeyfileException("its public key belongs to another private key");
            }
            return key;
        } catch (AEADBadTagException e) {
            throw new WrongPasswordException();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has ChaCha20-Poly1305", e);
        } finally {
            if (seed != null) {
                Arrays.fill(seed, (byte) 0);
            }
        }
    }

    private Cipher cipher(int mode, byte[] fileKey) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(mode, new SecretKeySpec(fileKey, "ChaCha20"), new IvParameterSpec(nonce));
        cipher.updateAAD((String.join("\n", header()) + '\n').getBytes(UTF_8));
        return cipher;
    }

    private List<String> header() {
        HexFormat hex = HexFormat.of();
        return List.of(HEAD + VERSION, "name " + name, KEY + hex.formatHex(publicKey), hash.line(), NONCE_LINE + hex.formatHex(nonce));
    }

    @Override
    public List<String> lines() {
        List<String> lines = new java.util.ArrayList<>(header());
        lines.add(SEALED_LINE + HexFormat.of().formatHex(sealed));
        return lines;
    }

    /** The password is another one. */
    static final class WrongPasswordException extends KeyfileException {
        private static final long serialVersionUID = 1L;

        WrongPasswordException() {
            super("the password does not open it");
        }
    }
}
