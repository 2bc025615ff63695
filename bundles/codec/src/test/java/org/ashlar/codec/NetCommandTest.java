package org.ashlar.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetCommandTest {
    private static final NodeCard CARD = new NodeCard("bob.os", new byte[32],
            List.of(new NodeAddress("tcp", "192.0.2.7", 10_000), new NodeAddress("ws", "2001:db8::1", 9_000)), List.of("r.os"));

    @Test
    void aCardIsOneLineThatIsReadBack() {
        CardText signed = new CardText(CARD, Optional.of(new byte[64]));
        String line = signed.toString();
        assertEquals("bob.os ed25519:" + "0".repeat(64) + " tcp://192.0.2.7:10000 ws://[2001:db8::1]:9000 via:r.os sig:" + "A".repeat(86),
                line);
        CardText read = CardText.parse("  " + line.replace(" ", "\t ") + "\n");
        assertEquals(CARD, read.card());
        assertArrayEquals(new byte[64], read.signature().orElseThrow());
        assertEquals(CARD, CardText.parse(CardText.of(CARD)).card());
        assertEquals("0000 0000 0000 0000 0000 0000 0000 0000", CARD.fingerprint());
    }

    @Test
    void aSignedCardIsStringsOfATxtRecord() {
        CardText signed = new CardText(new NodeCard(CARD.name(), CARD.key(), CARD.addresses(), List.of("r.os", "router.example.org")),
                Optional.of(new byte[64]));
        List<byte[]> strings = CardRecord.of(signed);
        assertEquals(List.of(255, 3), strings.stream().map(string -> string.length).toList());
        assertEquals(signed.toString(), CardRecord.parse(strings).toString());
        assertThrows(CodecException.class, () -> CardRecord.parse(CardRecord.of(new CardText(CARD, Optional.empty()))));
        assertThrows(CodecException.class, () -> CardRecord.parse(List.of()));
        assertThrows(CodecException.class, () -> CardRecord.parse(List.of("v=spf1 -all".getBytes())));
        assertThrows(CodecException.class, () -> CardRecord.parse(Collections.nCopies(33, new byte[255])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bob.os", "bob.os key", "bob.os ed25519:00", "BOB ed25519:{k}", "our ed25519:{k}", "bob.os ed25519:{k} tcp://x",
        "bob.os ed25519:{k} tcp://x:0", "bob.os ed25519:{k} tcp://x:70000", "bob.os ed25519:{k} tcp://:1", "bob.os ed25519:{k} x",
        "bob.os ed25519:{k} via:X", "bob.os ed25519:{k} sig:!", "bob.os ed25519:{k} sig:AA tcp://x:1", "bob.os ed25519:{k} tcp://x;y:1"})
    void whatIsNoCardIsRefused(String line) {
        assertThrows(CodecException.class, () -> CardText.parse(line.replace("{k}", "0".repeat(64))));
    }

    @Test
    void commandsAndReportsAreReadBack() {
        for (NetCommand command : List.of(new NetCommand.Card(), new NetCommand.Peers(), new NetCommand.Known(),
                new NetCommand.Add("x", true), new NetCommand.Remove("bob.os"), new NetCommand.Block("bob.os"),
                new NetCommand.Find("bob.os"), new NetCommand.Confirm("bob.os", "00", true))) {
            assertEquals(command, NetCommand.parse(command.encode()));
        }
        for (NetReport report : List.of(new NetReport.Lines(List.of("a", "b")), new NetReport.Err("no"),
                new NetReport.Peers(List.of(new NetReport.PeerReport("bob.os", "connected", "tcp://x:1", 1, 2, 3, 4, 5)), List.of("bob.os")))) {
            assertEquals(report, NetReport.parse(report.encode()));
        }
        CardText card = new CardText(CARD, Optional.of(new byte[64]));
        assertEquals(new DirectoryAction.Find("bob.os"), DirectoryAction.parse(new DirectoryAction.Find("bob.os").encode()));
        assertEquals(card.toString(), ((DirectoryAction.Publish) DirectoryAction.parse(new DirectoryAction.Publish(card).encode())).card().toString());
        assertEquals(card.toString(), ((DirectoryAnswer.Cards) DirectoryAnswer.parse(new DirectoryAnswer.Cards(List.of(card)).encode()))
                .cards().getFirst().toString());
        assertEquals(new DirectoryAnswer.Err("no"), DirectoryAnswer.parse(new DirectoryAnswer.Err("no").encode()));
        assertThrows(CodecException.class, () -> NetCommand.parse("{\"Remove\":\"our\"}".getBytes()));
    }
}
