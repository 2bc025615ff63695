package org.ashlar.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.Address;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Golden bytes: reference-modules 1.4. */
class NetPackTest {
    private static final NodeUpdate UPDATE = new NodeUpdate("a.os", "aa", List.of("127.0.0.1"), ports(9000), List.of());
    private static final String SIGNATURE_INTS = "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
            + "cc80cc81cc82cc83cc84cc85cc86cc87cc88cc89cc8acc8bcc8ccc8dcc8ecc8fcc90cc91cc92cc93cc94cc95cc96cc97cc98cc99cc9a"
            + "cc9bcc9ccc9dcc9ecc9f";
    private static final HandshakePayload HANDSHAKE = new HandshakePayload(1, "fake.dev", signature(), false);

    private static TreeMap<String, Integer> ports(int ws) {
        return new TreeMap<>(Map.of("ws", ws));
    }

    private static byte[] signature() {
        byte[] signature = new byte[64];
        for (int i = 0; i < signature.length; i++) {
            signature[i] = (byte) (0x60 + i);
        }
        return signature;
    }

    @Test
    void actionsHaveTheBytesOfTheSpecification() {
        action("a84765745065657273", new NetAction.GetPeers());
        action("81a747657450656572a4612e6f73", new NetAction.GetPeer("a.os"));
        action("81b1436f6e6e656374696f6e52657175657374a4612e6f73", new NetAction.ConnectionRequest("a.os"));
        action("81a94b6e7355706461746595a4612e6f73a2616191a93132372e302e302e3181a27773cd232890", new NetAction.KnsUpdate(UPDATE));
    }

    @Test
    void answersHaveTheBytesOfTheSpecification() {
        answer("81a450656572c0", new NetResponse.Peer(Optional.empty()));
        answer("a65369676e6564", new NetResponse.Signed());
        answer("81a45065657293a4612e6f73a43078616181a644697265637492a93132372e302e302e3181a27773cd2328",
                new NetResponse.Peer(Optional.of(new NodeRecord("a.os", "0xaa", new NodeRoute.Direct("127.0.0.1", ports(9000))))));
    }

    @Test
    void m07_theHandshakeHasTheBytesOfTheSpecification() {
        String golden = "9401a866616b652e646576dc0040" + SIGNATURE_INTS + "c2";
        assertEquals(111, golden.length() / 2);
        assertEquals(golden, hex(HANDSHAKE.encode()));
        assertEquals(HANDSHAKE, HandshakePayload.parse(bytes(golden)));
    }

    @Test
    void m08_theHandshakeIsReadWithABinarySignatureAndAsAMap() throws IOException {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(5).packString("proxy_request").packBoolean(false).packString("name").packString("fake.dev");
            out.packString("later").packInt(1);
            out.packString("signature").packBinaryHeader(64).addPayload(signature());
            out.packString("protocol_version").packInt(1);
            assertEquals(HANDSHAKE, HandshakePayload.parse(out.toByteArray()));
        }
    }

    @Test
    void aFifthElementOfAHandshakeIsRefused() {
        String five = "9501a866616b652e646576dc0040" + SIGNATURE_INTS + "c2c0";
        assertThrows(CodecException.class, () -> HandshakePayload.parse(bytes(five)));
    }

    @Test
    void everyVariantSurvivesTheWay() {
        Address from = Address.parse("a.os@p:q:r");
        for (NetAction action : List.of(new NetAction.KnsBatchUpdate(List.of(UPDATE, UPDATE)), new NetAction.GetDiagnostics(),
                new NetAction.Sign(), new NetAction.Verify(from, signature()))) {
            assertEquals(action, NetAction.parse(action.encode()));
        }
        NodeRecord routed = new NodeRecord("b.os", "0xbb", new NodeRoute.Routers(List.of("r.os", "s.os")));
        NodeRecord both = new NodeRecord("c.os", "cc", new NodeRoute.Both("::1", ports(0), List.of("r.os")));
        for (NetResponse answer : List.of(new NetResponse.Accepted("a.os"), new NetResponse.Rejected("a.os"),
                new NetResponse.Peers(List.of(routed, both)), new NetResponse.Diagnostics("all well"),
                new NetResponse.Verified(true))) {
            assertEquals(answer, NetResponse.parse(answer.encode()));
        }
    }

    @Test
    void hyperwaresNamesAreReadToo() {
        byte[] update = new NetAction.KnsUpdate(UPDATE).encode();
        update[2] = 'H';
        assertEquals(new NetAction.KnsUpdate(UPDATE), NetAction.parse(update));
    }

    @Test
    void aTextThatSomebodySaysIsNoAction() {
        for (String text : List.of("hello", "", "GetPeers", "hi there, how are you?")) {
            assertThrows(CodecException.class, () -> NetAction.parse(text.getBytes(StandardCharsets.UTF_8)), text);
        }
    }

    @Test
    void anActionWithoutItsContentAndOneWithTooMuchAreRefused() {
        for (String wrong : List.of("a7" + hex("GetPeer".getBytes(StandardCharsets.UTF_8)),
                "81a84765745065657273" + "01", "82a84765745065657273c0a84765745065657273c0")) {
            assertThrows(CodecException.class, () -> NetAction.parse(bytes(wrong)), wrong);
        }
        assertEquals(new NetAction.GetPeers(), NetAction.parse(bytes("81a84765745065657273c0")));
    }

    @Test
    void newsOfANodeSayHowItIsReached() {
        assertEquals(new NodeRoute.Direct("127.0.0.1", ports(9000)), UPDATE.toRecord().route());
        assertEquals(new NodeRoute.Routers(List.of("r.os")),
                new NodeUpdate("a.os", "aa", List.of(), ports(9000), List.of("r.os")).toRecord().route());
    }

    @Test
    void aRoutingRequestIsAListAsTheSpecificationHasIt() {
        RoutingRequest plain = new RoutingRequest(1, "a.os", signature(), "b.os", Optional.empty());
        String golden = "9401a4612e6f73dc0040" + SIGNATURE_INTS + "a4622e6f73";
        assertEquals(golden, hex(plain.encode()));
        assertEquals(plain, RoutingRequest.parse(bytes(golden)));
    }

    @Test
    void aBoundRoutingRequestIsAMapInWhichTheSpecificationsFieldsStand() {
        RoutingRequest bound = new RoutingRequest(1, "a.os", signature(), "b.os",
                Optional.of(new RoutingRequest.Binding(1_800_000_000L, signature())));
        assertEquals(bound, RoutingRequest.parse(bound.encode()));
        assertEquals("86b0" + hex("protocol_version".getBytes(StandardCharsets.UTF_8)) + "01",
                hex(Arrays.copyOf(bound.encode(), 19)));
    }

    private static void action(String golden, NetAction action) {
        assertEquals(golden, hex(action.encode()));
        assertEquals(action, NetAction.parse(bytes(golden)));
    }

    private static void answer(String golden, NetResponse answer) {
        assertEquals(golden, hex(answer.encode()));
        assertEquals(answer, NetResponse.parse(bytes(golden)));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
