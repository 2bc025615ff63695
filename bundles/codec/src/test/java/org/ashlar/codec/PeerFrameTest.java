package org.ashlar.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames that go together, and the way in which older nodes are told of them. */
class PeerFrameTest {
    private static PeerFrame part(int number, int bytes) {
        return new PeerFrame.Part(number, 0, true, new byte[bytes]);
    }

    private static List<PeerFrame> apart(List<byte[]> sent) {
        List<PeerFrame> frames = new ArrayList<>();
        for (byte[] each : sent) {
            PeerFrame frame = PeerFrame.parse(each);
            frames.addAll(frame instanceof PeerFrame.Group(List<PeerFrame> several) ? several : List.of(frame));
        }
        return frames;
    }

    @Test
    void framesOfAllSizesComeOutAsTheyWentIn() {
        List<PeerFrame> frames = List.of(new PeerFrame.Hello(1, 2), new PeerFrame.Probe(), part(1, 0), part(2, 31_900), part(3, 100),
                part(4, PeerFrame.MAX_PART), part(5, PeerFrame.MAX_PART), new PeerFrame.Ack(3, 4), part(6, PeerFrame.MAX_GROUP - 14),
                part(7, PeerFrame.MAX_GROUP - 13), part(8, 1));
        List<byte[]> sent = PeerFrame.Group.together(frames.stream().map(PeerFrame::encode).toList());
        assertEquals(frames, apart(sent));
        assertTrue(sent.size() < frames.size());
    }

    @Test
    void oneFrameStaysAsItIs() {
        byte[] alone = part(1, 10).encode();
        assertArrayEquals(alone, PeerFrame.Group.together(List.of(alone)).getFirst());
        assertEquals(List.of(), PeerFrame.Group.together(List.of()));
    }

    @Test
    void aGroupInAGroupIsRefused() {
        PeerFrame group = new PeerFrame.Group(List.of(new PeerFrame.Probe(), new PeerFrame.Alive()));
        assertEquals(group, PeerFrame.parse(group.encode()));
        byte[] nested = new PeerFrame.Group(List.of(group, group)).encode();
        assertThrows(CodecException.class, () -> PeerFrame.parse(nested));
    }

    @Test
    void aGroupThatIsCutOrTooLongIsRefused() {
        byte[] group = new PeerFrame.Group(List.of(part(1, 10), part(2, 10))).encode();
        for (int length = 2; length < group.length; length++) {
            byte[] cut = Arrays.copyOf(group, length);
            if (length != 1 + Short.BYTES + part(1, 10).encode().length) { // there a whole one ends
                assertThrows(CodecException.class, () -> PeerFrame.parse(cut), "of " + length);
            }
        }
        byte[] large = new PeerFrame.Group(List.of(part(1, PeerFrame.MAX_GROUP), part(2, 1))).encode();
        assertThrows(CodecException.class, () -> PeerFrame.parse(large));
    }

    /** Nodes that do not know of it read it so, and pass over it because no stream has that number. */
    @Test
    void whatANodeUnderstandsIsSaidInTheFormOfAnAcknowledgementOfNoStream() {
        byte[] said = new PeerFrame.Speaks(PeerFrame.GROUPS).encode();
        assertArrayEquals(ByteBuffer.allocate(17).put((byte) 4).putLong(0).putLong(1).array(), said);
        assertEquals(new PeerFrame.Speaks(1), PeerFrame.parse(said));
    }
}
