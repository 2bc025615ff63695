package org.ashlar.noise;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Frames that are binary WebSocket messages, which come whole (reference-modules 1.7). */
final class WebSocketFrames extends FrameReader {
    private static final byte[] NOTHING = {};
    private static final int LENGTH = Integer.BYTES;

    private byte[] input = NOTHING;
    private int offset;
    private int length;
    private boolean here;

    @Override
    void offer(byte[] bytes, int from, int count) {
        if (here) {
            throw new IllegalStateException("what came before has not been asked for");
        }
        if (count > CipherState.MAX_MESSAGE) {
            throw new NoiseException("a binary message of " + count + " bytes; at most " + CipherState.MAX_MESSAGE + " are taken");
        }
        input = bytes;
        offset = from;
        length = count;
        here = true;
    }

    @Override
    Optional<byte[]> handshake() {
        if (!here) {
            return Optional.empty();
        }
        if (length > MAX_HANDSHAKE) {
            throw new NoiseException("a frame of " + length + " bytes; at most " + MAX_HANDSHAKE + " are taken");
        }
        return Optional.of(rest());
    }

    @Override
    Optional<byte[]> message(CipherState cipher) {
        if (!here) {
            return Optional.empty();
        }
        byte[] chunk = scratch(length);
        System.arraycopy(input, offset, chunk, 0, length);
        consumed();
        if (assembly.begun()) {
            assembly.decrypt(cipher, chunk, length);
        } else {
            begin(cipher, chunk);
        }
        Optional<byte[]> whole = assembly.take();
        if (whole.isPresent()) {
            release();
        }
        return whole;
    }

    /** The first chunk of a message begins with the message's length. */
    private void begin(CipherState cipher, byte[] chunk) {
        if (length < CipherState.TAG + LENGTH) {
            throw new NoiseException("a message begins with a chunk of " + length + " bytes, too short for its length");
        }
        int plaintext = length - CipherState.TAG;
        cipher.decrypt(chunk, 0, length, chunk, 0);
        assembly.begin(ByteBuffer.wrap(chunk).getInt());
        assembly.add(chunk, LENGTH, plaintext - LENGTH);
    }

    @Override
    byte[] rest() {
        byte[] rest = here ? Arrays.copyOfRange(input, offset, offset + length) : NOTHING;
        consumed();
        return rest;
    }

    private void consumed() {
        here = false;
        input = NOTHING;
    }
}
