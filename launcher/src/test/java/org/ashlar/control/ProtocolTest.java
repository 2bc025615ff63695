package org.ashlar.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProtocolTest {
    private static final Invocation M = new Invocation("m", Map.of("a", "5", "json", ""), List.of("our@a:b:c", "{\"ü\":1}"),
            "/some/folder", new Invocation.Screen(true, true, false, 132));

    @Test
    void aCommandArrivesAsItWasSent() throws Exception {
        assertEquals(M, Invocation.of(overTheWire(M.toFrame())));
    }

    @Test
    void framesFollowOneAnotherAndTheEndIsSeen() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        new Frame(Frame.Kind.OUT, new byte[] {0, 1, -1}).write(out);
        Frame.exit(3).write(out);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertArrayEquals(new byte[] {0, 1, -1}, Frame.read(in).orElseThrow().payload());
        assertEquals(3, Frame.read(in).orElseThrow().status());
        assertEquals(Optional.empty(), Frame.read(in));
    }

    @Test
    void aFrameThatIsTooLongIsRefusedBeforeItIsRead() {
        byte[] head = {16, 0x7f, -1, -1, -1};
        assertTrue(assertThrows(ProtocolException.class, () -> read(head)).getMessage().contains("at most"));
        byte[] negative = {16, -1, -1, -1, -1};
        assertThrows(ProtocolException.class, () -> read(negative));
    }

    @Test
    void aFrameThatBreaksOffIsRefused() {
        byte[] cut = {16, 0, 0, 0, 5, 'a', 'b'};
        assertThrows(EOFException.class, () -> read(cut));
    }

    @Test
    void anotherVersionOfTheProtocolIsToldWhatToDo() throws Exception {
        byte[] payload = M.toFrame().payload();
        payload[0] = 9;
        String message = assertThrows(ProtocolException.class,
                () -> Invocation.of(new Frame(Frame.Kind.INVOKE, payload))).getMessage();
        assertTrue(message.contains("protocol 9") && message.contains("use the ashlar command"), message);
    }

    /** Every single-byte change and every cut either still is a command or is refused as declared. */
    @Test
    void damagedCommandsAreRefusedAndNothingElse() throws Exception {
        byte[] good = M.toFrame().payload();
        for (int i = 0; i < good.length; i++) {
            for (int flip : new int[] {1, 0x7f, 0x80, 0xff}) {
                byte[] damaged = good.clone();
                damaged[i] ^= (byte) flip;
                readsOrRefuses(damaged);
            }
            readsOrRefuses(java.util.Arrays.copyOf(good, i));
        }
    }

    private static void readsOrRefuses(byte[] payload) {
        try {
            Invocation.of(new Frame(Frame.Kind.INVOKE, payload));
        } catch (IOException e) {
            assertTrue(e instanceof ProtocolException || e instanceof EOFException, e.toString());
        }
    }

    private static Frame overTheWire(Frame frame) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frame.write(new DataOutputStream(bytes));
        return read(bytes.toByteArray());
    }

    private static Frame read(byte[] bytes) throws IOException {
        return Frame.read(new DataInputStream(new ByteArrayInputStream(bytes))).orElseThrow();
    }
}
