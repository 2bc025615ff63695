package org.ashlar.transport.ws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.net.Link;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.HandshakeState;
import org.java_websocket.enums.Opcode;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.framing.BinaryFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.FramedataImpl1;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.framing.PongFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.HandshakeImpl1Server;
import org.java_websocket.handshake.ServerHandshake;

/**
 * One side's view of the WebSocket protocol, without a connection: the library's, as far as nodes use it. Binary messages
 * only, no extensions, none longer than {@link Link#MAX_PIECE}. Making frames and reading them may be done by two threads.
 */
final class Draft {
    /** Longest head of an HTTP message, in bytes. */
    static final int MAX_HEAD = 8_192;

    private final boolean client;
    private final Draft_6455 draft = new Draft_6455(List.of(), Link.MAX_PIECE);
    private HandshakeImpl1Client asked;
    private byte[] begun;

    Draft(boolean client) {
        this.client = client;
        draft.setParseMode(client ? Role.CLIENT : Role.SERVER);
    }

    /** What came in, for whoever receives. */
    sealed interface Came {
        /** A message. */
        record Message(byte[] bytes) implements Came { }

        /** Something to send back. */
        record Answer(byte[] frame) implements Came { }

        /** The other side ends it. */
        record End() implements Came { }
    }

    /** What a client says first. */
    byte[] ask(String host) {
        asked = new HandshakeImpl1Client();
        asked.setResourceDescriptor("/");
        asked.put("Host", host);
        draft.postProcessHandshakeRequestAsClient(asked);
        return joined(draft.createHandshake(asked));
    }

    /**
     * Reads the other side's head of an HTTP message, with its empty line.
     *
     * @return what to send back: the server's answer; nothing from a client
     */
    byte[] upgrade(byte[] head) throws IOException {
        try {
            if (client) {
                boolean accepted = draft.translateHandshake(ByteBuffer.wrap(head)) instanceof ServerHandshake answer
                        && draft.acceptHandshakeAsClient(asked, answer) == HandshakeState.MATCHED;
                if (!accepted) {
                    throw new IOException("what is there speaks no WebSocket: " + firstLine(head));
                }
                return new byte[0];
            }
            if (draft.translateHandshake(ByteBuffer.wrap(head)) instanceof ClientHandshake request
                    && draft.acceptHandshakeAsServer(request) == HandshakeState.MATCHED) {
                return joined(draft.createHandshake(draft.postProcessHandshakeResponseAsServer(request, new HandshakeImpl1Server())));
            }
            throw new IOException("no WebSocket is asked for: " + firstLine(head));
        } catch (InvalidHandshakeException | RuntimeException e) {
            throw new IOException("no WebSocket is asked for: " + firstLine(head), e);
        }
    }

    private static String firstLine(byte[] head) {
        String text = new String(head, 0, Math.min(head.length, 100), ISO_8859_1);
        return text.lines().findFirst().orElse("").replaceAll("[^ -~]", "?");
    }

    byte[] message(byte[] bytes) {
        return frame(new BinaryFrame(), bytes);
    }

    byte[] ping() {
        return frame(new PingFrame(), new byte[0]);
    }

    private byte[] frame(FramedataImpl1 frame, byte[] payload) {
        frame.setPayload(ByteBuffer.wrap(payload));
        frame.setTransferemasked(client);
        ByteBuffer out = draft.createBinaryFrame(frame);
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    /** Reads more of what came in, cut anywhere. */
    List<Came> read(byte[] bytes, int offset, int length) throws IOException {
        List<Came> came = new ArrayList<>(2);
        try {
            for (Framedata frame : draft.translateFrame(ByteBuffer.wrap(bytes, offset, length))) {
                read(frame, came);
            }
            return came;
        } catch (InvalidDataException | RuntimeException e) {
            throw new IOException("the other side does not keep to the WebSocket protocol: " + e.getMessage(), e);
        }
    }

    private void read(Framedata frame, List<Came> came) throws IOException {
        switch (frame.getOpcode()) {
            case BINARY, CONTINUOUS -> piece(frame, came);
            case PING -> came.add(new Came.Answer(frame(new PongFrame(), payload(frame))));
            case PONG -> { }
            case CLOSING -> came.add(new Came.End());
            default -> throw new IOException("the other side sent a text message, where only binary ones are taken");
        }
    }

    private void piece(Framedata frame, List<Came> came) throws IOException {
        boolean first = frame.getOpcode() != Opcode.CONTINUOUS;
        if (first != (begun == null)) {
            throw new IOException("the other side begins a message within another, or goes on with none");
        }
        byte[] bytes = payload(frame);
        if (!first) {
            if (begun.length + bytes.length > Link.MAX_PIECE) {
                throw new IOException("the other side sent a message of more than " + Link.MAX_PIECE + " bytes");
            }
            bytes = joined(List.of(ByteBuffer.wrap(begun), ByteBuffer.wrap(bytes)));
        }
        begun = frame.isFin() ? null : bytes;
        if (frame.isFin()) {
            came.add(new Came.Message(bytes));
        }
    }

    private static byte[] payload(Framedata frame) {
        ByteBuffer data = frame.getPayloadData();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }

    private static byte[] joined(List<ByteBuffer> parts) {
        ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
