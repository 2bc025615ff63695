package org.ashlar.noise;

import java.util.Arrays;
import java.util.Optional;

/** Frames in a stream that may be cut anywhere (reference-modules 1.6). */
final class TcpFrames extends FrameReader {
    private static final byte[] NOTHING = {};
    private static final int NONE = -1;

    private byte[] input = NOTHING;
    private int at;
    private int end;
    /** The bytes so far of a number that tells a length, and how many they are. */
    private int number;
    private int digits;
    /** Length of the frame that is being read, and how much of it lies in the scratch. */
    private int frame = NONE;
    private int filled;

    @Override
    void offer(byte[] bytes, int offset, int length) {
        if (at < end) {
            throw new IllegalStateException("what came before has not been asked for");
        }
        input = bytes;
        at = offset;
        end = offset + length;
    }

    @Override
    Optional<byte[]> handshake() {
        if (!frame(MAX_HANDSHAKE)) {
            return Optional.empty();
        }
        byte[] whole = Arrays.copyOf(scratch(frame), frame);
        frame = NONE;
        return Optional.of(whole);
    }

    @Override
    Optional<byte[]> message(CipherState cipher) {
        while (true) {
            if (!assembly.begun()) {
                if (!number(Integer.BYTES)) {
                    return Optional.empty();
                }
                assembly.begin(takeNumber());
            }
            Optional<byte[]> whole = assembly.take();
            if (whole.isPresent()) {
                release();
                return whole;
            }
            if (!frame(CipherState.MAX_MESSAGE)) {
                return Optional.empty();
            }
            assembly.decrypt(cipher, scratch(frame), frame);
            frame = NONE;
        }
    }

    @Override
    byte[] rest() {
        return Arrays.copyOfRange(input, at, end);
    }

    /** Whether a frame after its length is whole, and lies in the scratch. */
    private boolean frame(int max) {
        if (frame == NONE) {
            if (!number(Short.BYTES)) {
                return false;
            }
            int length = takeNumber();
            if (length > max) {
                throw new NoiseException("a frame of " + length + " bytes was announced; at most " + max + " are taken");
            }
            frame = length;
            filled = 0;
        }
        int more = Math.min(frame - filled, end - at);
        if (more > 0) {
            System.arraycopy(input, at, scratch(frame), filled, more);
            at += more;
            filled += more;
        }
        return filled == frame;
    }

    private boolean number(int length) {
        while (digits < length && at < end) {
            number = number << Byte.SIZE | input[at++] & 0xff;
            digits++;
        }
        return digits == length;
    }

    private int takeNumber() {
        int value = number;
        number = 0;
        digits = 0;
        return value;
    }
}
