package org.ashlar.repository;

import org.bouncycastle.crypto.params.KeyParameter;

/** Poly1305 with the two halves of its one-time key given apart, as Poly1305-AES makes them. For one thread. */
final class Poly1305 {
    private final org.bouncycastle.crypto.macs.Poly1305 mac = new org.bouncycastle.crypto.macs.Poly1305();

    /** {@code r} with the bits cleared that Poly1305 does not use. */
    static byte[] clamped(byte[] r) {
        byte[] clamped = r.clone();
        for (int i : new int[] {3, 7, 11, 15}) {
            clamped[i] &= 0x0f;
        }
        for (int i : new int[] {4, 8, 12}) {
            clamped[i] &= (byte) 0xfc;
        }
        return clamped;
    }

    void begin(byte[] r, byte[] s) {
        byte[] key = new byte[32];
        System.arraycopy(r, 0, key, 0, 16);
        System.arraycopy(s, 0, key, 16, 16);
        mac.init(new KeyParameter(key));
    }

    void update(byte[] bytes, int offset, int length) {
        mac.update(bytes, offset, length);
    }

    void end(byte[] to, int at) {
        mac.doFinal(to, at);
    }
}
