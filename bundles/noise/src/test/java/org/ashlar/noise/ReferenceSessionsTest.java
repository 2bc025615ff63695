package org.ashlar.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.codec.MessagePackCodec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two sessions that were recorded between two running nodes of the reference: with the same keys, each side in turn writes
 * the same bytes as that node did, and reads what the other one wrote.
 */
class ReferenceSessionsTest {
    private record Recording(Wire wire, JsonNode facts, List<byte[]> fromInitiator, List<byte[]> fromResponder) {
        static Recording of(Wire wire) throws IOException {
            String name = "reference-sessions/" + (wire == Wire.TCP ? "tcp" : "ws");
            return new Recording(wire, Vectors.json(name + ".json"), frames(wire, name + ".initiator-to-responder.bin"),
                    frames(wire, name + ".responder-to-initiator.bin"));
        }

        /** On a WebSocket the payloads of the binary messages; on TCP the stream in one piece. */
        private static List<byte[]> frames(Wire wire, String file) throws IOException {
            byte[] bytes = Files.readAllBytes(Vectors.file(file));
            return wire == Wire.TCP ? List.of(bytes) : webSocketPayloads(bytes);
        }

        String name(String side) {
            return facts.path(side).asText();
        }

        LocalNode node(String side) {
            JsonNode keys = facts.path("noise_keys").path(side);
            Iterator<NoiseKey> fresh = List.of(NoiseKey.of(Vectors.hex(keys, "s_priv")), NoiseKey.of(Vectors.hex(keys, "e_priv"))).iterator();
            JsonNode identities = facts.path("identity_keys");
            Map<String, Optional<Ed25519Key>> known = Map.of(name("initiator"), key(identities.path(name("initiator"))),
                    name("responder"), key(identities.path(name("responder"))));
            return new LocalNode(new TestIdentity(name(side), Vectors.hex(identities.path(name(side)), "ed25519_seed")),
                    name -> known.getOrDefault(name, Optional.empty()), fresh::next);
        }

        private static Optional<Ed25519Key> key(JsonNode identity) {
            return Ed25519Key.parse(identity.path("ed25519_public").asText());
        }

        List<byte[]> messages(String side) {
            List<byte[]> messages = new ArrayList<>();
            for (JsonNode sent : facts.path("sent")) {
                if (sent.path("from").asText().equals(name(side)) && sent.has("plaintext")) {
                    messages.add(Vectors.hex(sent, "plaintext"));
                }
            }
            return messages;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theInitiatorWritesAndReadsTheSameBytes(Wire wire) throws IOException {
        Recording recording = Recording.of(wire);
        PeerSession session = PeerSession.dial(recording.node("initiator"), wire, recording.name("responder"), false);
        check(recording, session, "initiator", recording.fromInitiator(), "responder", recording.fromResponder());
    }

    @ParameterizedTest
    @EnumSource
    void theResponderWritesAndReadsTheSameBytes(Wire wire) throws IOException {
        Recording recording = Recording.of(wire);
        PeerSession session = PeerSession.accept(recording.node("responder"), wire);
        check(recording, session, "responder", recording.fromResponder(), "initiator", recording.fromInitiator());
    }

    private static void check(Recording recording, PeerSession session, String side, List<byte[]> ours, String other,
                              List<byte[]> theirs) {
        List<byte[]> written = new ArrayList<>(session.start());
        List<SessionEvent> events = new ArrayList<>();
        for (byte[] frame : theirs) {
            events.addAll(session.receive(frame));
        }
        List<byte[]> read = new ArrayList<>();
        for (SessionEvent event : events) {
            switch (event) {
                case SessionEvent.Output(byte[] frame) -> written.add(frame);
                case SessionEvent.Received received -> read.add(MessagePackCodec.encode(received.envelope()));
                default -> assertEquals(new SessionEvent.Established(recording.name(other), false, false), event);
            }
        }
        assertSame(recording.messages(other), read);
        assertTrue(read.size() >= 7, "messages: " + read.size());
        for (byte[] message : recording.messages(side)) {
            written.addAll(session.send(MessagePackCodec.decode(message)));
        }
        if (recording.wire() == Wire.TCP) {
            assertArrayEquals(ours.getFirst(), World.joined(written));
        } else {
            assertSame(ours, written);
        }
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> found) {
        assertEquals(expected.stream().map(HexFormat.of()::formatHex).toList(), found.stream().map(HexFormat.of()::formatHex).toList());
    }

    /** The payloads of the binary messages after the upgrade's header, without their masks (RFC 6455, 5.2). */
    private static List<byte[]> webSocketPayloads(byte[] bytes) {
        String header = "\r\n\r\n";
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(header) + header.length();
        List<byte[]> payloads = new ArrayList<>();
        while (at < bytes.length) {
            assertEquals(0x82, bytes[at] & 0xff, "a whole binary message at " + at);
            boolean masked = bytes[at + 1] < 0;
            int length = bytes[at + 1] & 0x7f;
            at += 2;
            assertTrue(length < 127, "no message is longer than 65 535 bytes");
            if (length == 126) {
                length = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
                at += 2;
            }
            int mask = at;
            at += masked ? 4 : 0;
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = (byte) (bytes[at + i] ^ (masked ? bytes[mask + i % 4] : 0));
            }
            payloads.add(payload);
            at += length;
        }
        return payloads;
    }
}
