package org.ashlar.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads along on one direction of a connection, knows no key, and looks whether what is encrypted looks like chance. What nodes say
 * begins with one of a few bytes; were a nonce used again with its key, what is encrypted would, too.
 */
final class Tap {
    /** The length of a message and that of its first chunk, which are in clear. */
    private static final int HEADER = Integer.BYTES + Short.BYTES;
    /** Of so many pieces at least {@link #DISTINCT} begin differently; that they do not by chance happens once in 10^14. */
    private static final int LAST = 16;
    private static final int DISTINCT = 7;

    private final Deque<Byte> last = new ArrayDeque<>();

    /** @return false when it does not look like chance */
    boolean looksRandom(byte[] piece) {
        if (piece.length <= HEADER) {
            return true;
        }
        last.add(piece[HEADER]);
        if (last.size() > LAST) {
            last.poll();
        }
        return last.size() < LAST || last.stream().distinct().count() >= DISTINCT;
    }
}
