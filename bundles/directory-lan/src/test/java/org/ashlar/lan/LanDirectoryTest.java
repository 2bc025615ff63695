package org.ashlar.lan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardText;
import org.ashlar.tck.DirectoryContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real multicast, on loopback and a port of each test's own. */
class LanDirectoryTest extends DirectoryContract {
    private final int port = freePort();
    private final LanDirectory here = open("lo");
    private final Map<String, LanDirectory> others = new LinkedHashMap<>();

    private static int freePort() {
        try (DatagramSocket socket = new DatagramSocket()) {
            return socket.getLocalPort();
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    private LanDirectory open(String network) {
        return new LanDirectory(true, Optional.of(network), port);
    }

    @Override
    protected Directory directory() {
        return here;
    }

    @Override
    protected void publish(NodeCard card, byte[] signature) {
        others.computeIfAbsent(card.name() + HexFormat.of().formatHex(card.key()), node -> open("127.0.0.1")).announce(card, signature);
    }

    @AfterEach
    void close() {
        here.close();
        others.values().forEach(LanDirectory::close);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(end - System.nanoTime() > 0, what);
            Thread.sleep(10);
        }
    }

    @Test
    void aNodeThatGoesSaysGoodbyeAndDoesNotSeeItself() throws Exception {
        Node bob = Node.of("bob.test");
        Node anna = Node.of("anna.test");
        publish(bob.card(1), bob.sign(bob.card(1)));
        here.announce(anna.card(2), anna.sign(anna.card(2)));
        LanDirectory other = others.values().iterator().next();
        await("both see each other", () -> here.list().equals(List.of(bob.card(1))) && other.list().equals(List.of(anna.card(2))));
        other.close();
        await("bob is gone", () -> here.list().isEmpty());
    }

    @Test
    void withoutBeingToldToItNeitherAsksNorAnnounces() throws Exception {
        Node anna = Node.of("anna.test");
        LanDirectory off = new LanDirectory(false, Optional.of("lo"), port);
        off.announce(anna.card(2), anna.sign(anna.card(2)));
        assertTrue(assertThrows(IOException.class, () -> off.search("bob.test")).getMessage().contains("--lan"));
        here.search("anna.test");
        assertEquals(List.of(), here.list());
        off.close();
    }

    @Test
    void aNetworkThatIsNotThereIsTold() throws Exception {
        LanDirectory nowhere = open("nowhere0");
        await("the trouble", () -> {
            try {
                nowhere.search("bob.test");
                return false;
            } catch (IOException e) {
                return e.getMessage().contains("nowhere0");
            }
        });
        nowhere.close();
    }

    @Test
    void oneMachineCannotFillTheTableAndTheTableIsBounded() throws Exception {
        Sightings sightings = new Sightings();
        int taken = 0;
        for (int machine = 0; machine < Sightings.MAX / Sightings.MAX_OF_SOURCE + 1; machine++) {
            InetAddress source = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) machine});
            for (int node = 0; node <= Sightings.MAX_OF_SOURCE; node++) {
                Node each = Node.of("n" + machine + "-" + node + ".test");
                NodeCard card = each.card(1);
                boolean heeded = sightings.heard(new Records.Heard(new CardText(card, Optional.of(each.sign(card))), 1_000_000), source, 0);
                assertEquals(node < Sightings.MAX_OF_SOURCE && taken < Sightings.MAX, heeded);
                taken += heeded ? 1 : 0;
            }
        }
        assertEquals(Sightings.MAX, sightings.list(0).size());
        assertEquals(0, sightings.list(TimeUnit.SECONDS.toNanos(Sightings.MAX_SECONDS)).size());
    }

    @Test
    void aCardAsLongAsACardMayBeFitsAPacket() {
        Node bob = Node.of("b".repeat(150));
        NodeCard card = new NodeCard(bob.name(), bob.card(1).key(), Collections.nCopies(16, new NodeAddress("tcp", "2001:db8::ffff:ffff:ffff", 65_535)),
                Collections.nCopies(16, "r".repeat(150)));
        CardText text = new CardText(card, Optional.of(bob.sign(card)));
        byte[] packet = Records.announcement(text, 1);
        assertTrue(packet.length <= Records.MAX_PACKET);
        assertEquals(List.of(text.toString()), Records.cards(Records.parse(packet)).stream().map(heard -> heard.card().toString()).toList());
        assertFalse(Records.asks(Records.parse(packet)));
        assertTrue(Records.asks(Records.parse(Records.query())));
    }

    @Test
    void whoIsOnTheSameNetworkIsSeenByThePrefix() {
        byte[] mine = {(byte) 192, 0, 2, 5};
        assertTrue(Group.sameNetwork(mine, new byte[] {(byte) 192, 0, 2, (byte) 200}, 24));
        assertFalse(Group.sameNetwork(mine, new byte[] {(byte) 192, 0, 3, 5}, 24));
        assertFalse(Group.sameNetwork(mine, new byte[16], 0));
        assertTrue(Group.sameNetwork(mine, new byte[] {(byte) 192, 0, 2, 4}, 31));
        assertFalse(Group.sameNetwork(mine, new byte[] {(byte) 192, 0, 2, 4}, 32));
    }
}
