package org.ashlar.control;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What travels over the control socket: one byte for the kind, four bytes big-endian for the length, the payload.
 *
 * @param kind    what it is
 * @param payload its content; not to be modified once given
 */
public record Frame(Kind kind, byte[] payload) {
    /** Longest payload, in bytes: room for the longest command line that Linux passes to a program. */
    public static final int MAX_PAYLOAD = 4 << 20;

    /** The kinds of frames; the number is what is written. */
    public enum Kind {
        /** Client to node, the first frame and the only one of its kind: an {@link Invocation}. */
        INVOKE(1),
        /** Client to node: a line that a person typed, the answer to {@link #ASK}; UTF-8. */
        ANSWER(2),
        /** Node to client: bytes for standard output. */
        OUT(16),
        /** Node to client: bytes for standard error. */
        ERR(17),
        /** Node to client: a question for the person; UTF-8. The client sends one {@link #ANSWER}. */
        ASK(18),
        /** Node to client: a question whose answer is not shown while it is typed; UTF-8. The client sends one {@link #ANSWER}. */
        SECRET(20),
        /** Node to client, the last frame: one byte, the exit status. */
        EXIT(19);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new ProtocolException("control protocol: unknown frame kind " + code);
        }
    }

    public static Frame text(Kind kind, String text) {
        return new Frame(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Frame exit(int status) {
        return new Frame(Kind.EXIT, new byte[] {(byte) status});
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The exit status that an {@link Kind#EXIT} frame carries. */
    public int status() throws IOException {
        if (kind != Kind.EXIT || payload.length != 1) {
            throw new ProtocolException("control protocol: expected an exit status, found " + kind + " with "
                    + payload.length + " bytes");
        }
        return payload[0] & 0xff;
    }

    /**
     * Reads the next frame; empty when the stream ends before it begins.
     *
     * @throws IOException when the stream ends within it, or it is none, or longer than {@link #MAX_PAYLOAD}
     */
    public static Optional<Frame> read(DataInputStream in) throws IOException {
        int code = in.read();
        if (code < 0) {
            return Optional.empty();
        }
        Kind kind = Kind.of(code);
        int length = in.readInt();
        if (length < 0 || length > MAX_PAYLOAD) {
            throw new ProtocolException("control protocol: a frame of " + (length & 0xffff_ffffL) + " bytes; at most "
                    + MAX_PAYLOAD + " are read");
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("control protocol: the connection ended within a frame");
        }
        return Optional.of(new Frame(kind, payload));
    }

    /** Writes this frame and flushes. */
    public void write(DataOutputStream out) throws IOException {
        out.writeByte(kind.code);
        out.writeInt(payload.length);
        out.write(payload);
        out.flush();
    }
}
