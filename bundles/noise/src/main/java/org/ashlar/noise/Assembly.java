package org.ashlar.noise;

import java.util.Arrays;
import java.util.Optional;
import org.ashlar.codec.MessagePackCodec;

/**
 * A message that is put together from chunks. Room is made for what has come, not for what was announced: on TCP the
 * announcement is in clear, and anybody on the way can change it. Not for several threads.
 */
final class Assembly {
    /** Longest message, in bytes. */
    static final int MAX = MessagePackCodec.MAX_MESSAGE;

    private static final byte[] NOTHING = {};
    private static final int NONE = -1;

    private byte[] bytes = NOTHING;
    private int total = NONE;
    private int filled;

    boolean begun() {
        return total != NONE;
    }

    /** @param length as the wire has it, unsigned */
    void begin(int length) {
        if (length < 0 || length > MAX) {
            throw new NoiseException("a message of " + Integer.toUnsignedString(length) + " bytes was announced; at most " + MAX
                    + " are taken");
        }
        total = length;
        filled = 0;
    }

    /** Takes a chunk that lies at the beginning of {@code ciphertext}. */
    void decrypt(CipherState cipher, byte[] ciphertext, int length) {
        int more = Math.max(0, length - CipherState.TAG);
        room(more);
        cipher.decrypt(ciphertext, 0, length, bytes, filled);
        filled += more;
    }

    void add(byte[] plaintext, int offset, int length) {
        room(length);
        System.arraycopy(plaintext, offset, bytes, filled, length);
        filled += length;
    }

    /** The message, once it is whole; then the next one can begin. */
    Optional<byte[]> take() {
        if (filled < total || total == NONE) {
            return Optional.empty();
        }
        byte[] whole = bytes;
        bytes = NOTHING;
        total = NONE;
        return Optional.of(whole);
    }

    private void room(int more) {
        if (more > total - filled) {
            throw new NoiseException("a message is longer than the " + total + " bytes that were announced");
        }
        if (filled + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(total, Math.max(filled + more, 2 * bytes.length)));
        }
    }
}
