package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.codec.PeerFrame;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several frames in one piece of ciphertext: between nodes that both know of it. */
@Timeout(120)
class GroupsTest {
    private static final int COUNT = 40;

    /** Has alice send messages while the other takes none, so that they go together as soon as it does. */
    private static List<PeerFrame> heard(List<PeerFrame> beside) throws IOException {
        try (TestNode alice = new TestNode("alice.os"); Stubborn other = new Stubborn("other.os", alice, beside)) {
            TestNode.await("the handshake is over on both sides",
                    () -> alice.net.network().known("other.os").map(Peer::isConnected).orElse(false));
            for (int i = 0; i < COUNT; i++) {
                alice.handle("asker:t:t", "other.os", "x:y:z", bytes(i), new RecordedReply());
            }
            other.open();
            List<PeerFrame> heard = new ArrayList<>();
            List<String> bodies = new ArrayList<>();
            while (bodies.size() < COUNT) {
                PeerFrame frame = other.hear();
                heard.add(frame);
                for (PeerFrame each : frame instanceof PeerFrame.Group(List<PeerFrame> several) ? several : List.of(frame)) {
                    if (each instanceof PeerFrame.Part part) {
                        bodies.add(new String(MessagePackCodec.decode(part.bytes(), PeerFrame.MAX_PART).message().body(), UTF_8));
                    }
                }
            }
            for (int i = 0; i < COUNT; i++) {
                assertEquals(String.valueOf(i), bodies.get(i));
            }
            return heard;
        }
    }

    private static byte[] bytes(int number) {
        return String.valueOf(number).getBytes(UTF_8);
    }

    @Test
    void messagesThatWaitTogetherGoTogether() throws Exception {
        List<PeerFrame> heard = heard(List.of(new PeerFrame.Speaks(PeerFrame.GROUPS)));
        assertTrue(heard.stream().anyMatch(each -> each instanceof PeerFrame.Group(List<PeerFrame> several) && several.size() == COUNT),
                "frames: " + heard.size());
    }

    @Test
    void oneThatDoesNotSayThatItKnowsOfGroupsGetsNone() throws Exception {
        assertFalse(heard(List.of()).stream().anyMatch(PeerFrame.Group.class::isInstance));
    }

    @Test
    void whatComesTogetherArrivesInOrder() throws Exception {
        try (TestNode alice = new TestNode("alice.os"); Stubborn other = new Stubborn("other.os", alice)) {
            List<PeerFrame> frames = new ArrayList<>(List.of(new PeerFrame.Open(7, 1)));
            for (int i = 0; i < COUNT; i++) {
                Envelope message = new Envelope(i, Address.parse("other.os@x:y:z"), Address.parse("alice.os@echo:t:t"), Optional.empty(),
                        Request.of(String.valueOf(i)), Optional.empty());
                frames.add(new PeerFrame.Part(i + 1, 0, true, MessagePackCodec.encode(message)));
            }
            other.say(new PeerFrame.Group(frames));
            TestNode.await("all arrive", () -> alice.received.size() == COUNT);
            int i = 0;
            for (Envelope each : alice.received) {
                assertEquals(String.valueOf(i++), new String(each.message().body(), UTF_8));
            }
            PeerFrame heard = other.hear();
            while (!(heard instanceof PeerFrame.Ack ack && ack.last() == COUNT)) { // though nothing else is to be said
                heard = other.hear();
            }
        }
    }
}
