package org.ashlar.noise;

import java.util.Optional;

/** Finds frames in what the other side sends. Not for several threads. */
abstract sealed class FrameReader permits TcpFrames, WebSocketFrames {
    /** Longest frame before there is a channel, in bytes: a handshake message with the longest payload that is read. */
    static final int MAX_HANDSHAKE = 4096 + 96;

    private static final int KEPT = 4096;
    private static final byte[] NOTHING = {};

    final Assembly assembly = new Assembly();
    private byte[] scratch = NOTHING;

    static FrameReader of(Wire wire) {
        return wire == Wire.TCP ? new TcpFrames() : new WebSocketFrames();
    }

    /** Takes more of what came in, once all before it was asked for. {@code bytes} must not change until then. */
    abstract void offer(byte[] bytes, int offset, int length);

    /** The next whole frame before there is a channel. */
    abstract Optional<byte[]> handshake();

    /** The next whole message on the channel. */
    abstract Optional<byte[]> message(CipherState cipher);

    /** What came in and was not asked for. */
    abstract byte[] rest();

    /** Room for a chunk, which keeps what is in it until {@link #release}. */
    final byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, Math.min(2 * length, KEPT))];
        }
        return scratch;
    }

    /** An idle connection keeps little: large room goes after the message it was for. */
    final void release() {
        if (scratch.length > KEPT) {
            scratch = NOTHING;
        }
    }
}
