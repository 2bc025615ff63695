package org.ashlar.noise;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/** BLAKE2s with 32 bytes, HMAC over it, and Noise's HKDF (Noise 4.3). Not for several threads. */
final class Blake2s {
    static final int LENGTH = 32;
    private static final int BLOCK = 64;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final Blake2sDigest digest = new Blake2sDigest(LENGTH * Byte.SIZE);

    /** The hash of the parts, one after the other. */
    byte[] hash(byte[]... parts) {
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[LENGTH];
        digest.doFinal(hash, 0);
        return hash;
    }

    /** HMAC (RFC 2104); {@code key} has at most one block. */
    byte[] hmac(byte[] key, byte[]... parts) {
        byte[] inner = pad(key, INNER);
        byte[] outer = pad(key, OUTER);
        byte[][] all = new byte[parts.length + 1][];
        all[0] = inner;
        System.arraycopy(parts, 0, all, 1, parts.length);
        byte[] hash = hash(outer, hash(all));
        Arrays.fill(inner, (byte) 0);
        Arrays.fill(outer, (byte) 0);
        return hash;
    }

    /** Two keys out of a chaining key and new material. */
    byte[][] derive(byte[] chainingKey, byte[] material) {
        byte[] temporary = hmac(chainingKey, material);
        byte[] first = hmac(temporary, new byte[] {1});
        byte[] second = hmac(temporary, first, new byte[] {2});
        Arrays.fill(temporary, (byte) 0);
        digest.reset();
        return new byte[][] {first, second};
    }

    private static byte[] pad(byte[] key, byte with) {
        byte[] block = Arrays.copyOf(key, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            block[i] ^= with;
        }
        return block;
    }
}
