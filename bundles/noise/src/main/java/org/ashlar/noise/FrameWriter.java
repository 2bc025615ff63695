package org.ashlar.noise;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes frames of what this side says (reference-modules 1.6, 1.7). */
final class FrameWriter {
    private static final int CHUNK = CipherState.MAX_PLAINTEXT;
    private static final int TCP_HEADER = Short.BYTES;
    private static final int LENGTH = Integer.BYTES;

    private FrameWriter() { }

    /** A frame before there is a channel: a handshake message, or a routing request. */
    static byte[] handshake(Wire wire, byte[] message) {
        return wire == Wire.WEBSOCKET ? message
                : ByteBuffer.allocate(TCP_HEADER + message.length).putShort((short) message.length).put(message).array();
    }

    /**
     * A message on the channel, in chunks. For TCP in one piece, because a connection that sends the small parts of a
     * message one by one is a hundred times slower.
     */
    static List<byte[]> message(Wire wire, CipherState cipher, byte[] message) {
        return wire == Wire.TCP ? List.of(tcp(cipher, message)) : webSocket(cipher, message);
    }

    /** The length in clear, then chunks, each after the length of its ciphertext. */
    private static byte[] tcp(CipherState cipher, byte[] message) {
        int chunks = (message.length + CHUNK - 1) / CHUNK;
        byte[] out = new byte[LENGTH + message.length + chunks * (TCP_HEADER + CipherState.TAG)];
        ByteBuffer header = ByteBuffer.wrap(out);
        header.putInt(message.length);
        for (int from = 0; from < message.length; from += CHUNK) {
            int length = Math.min(CHUNK, message.length - from);
            header.putShort((short) (length + CipherState.TAG));
            cipher.encrypt(message, from, length, out, header.position());
            header.position(header.position() + length + CipherState.TAG);
        }
        return out;
    }

    /** The length and the message are one stream, which is cut into chunks. */
    private static List<byte[]> webSocket(CipherState cipher, byte[] message) {
        List<byte[]> frames = new ArrayList<>(1 + (message.length + LENGTH) / CHUNK);
        int first = Math.min(CHUNK - LENGTH, message.length);
        byte[] start = ByteBuffer.allocate(LENGTH + first).putInt(message.length).put(message, 0, first).array();
        frames.add(chunk(cipher, start, 0, start.length));
        for (int from = first; from < message.length; from += CHUNK) {
            frames.add(chunk(cipher, message, from, Math.min(CHUNK, message.length - from)));
        }
        return frames;
    }

    private static byte[] chunk(CipherState cipher, byte[] message, int from, int length) {
        byte[] frame = new byte[length + CipherState.TAG];
        cipher.encrypt(message, from, length, frame, 0);
        return frame;
    }
}
