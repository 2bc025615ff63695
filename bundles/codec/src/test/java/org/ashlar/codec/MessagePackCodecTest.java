package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Golden bytes: reference-modules 1.4. */
class MessagePackCodecTest {
    private static final Address HI = Address.parse("a.os@hi:terminal:sys");
    private static final Address NET = Address.parse("b.os@net:distro:sys");
    private static final Envelope HELLO = new Envelope(7, HI, NET, Optional.empty(),
            Request.of("hello").expecting(10), Optional.empty());
    private static final String HELLO_BYTES = "9607b4612e6f734068693a7465726d696e616c3a737973b3622e6f73406e65743a646973"
            + "74726f3a737973c081a75265717565737495c20a9568656c6c6fc090c0";
    private static final Envelope ACK = new Envelope(7, NET, HI, Optional.empty(), Response.of("ack"), Optional.empty());
    private static final String ACK_BYTES = "9607b3622e6f73406e65743a64697374726f3a737973b4612e6f734068693a7465726d696e61"
            + "6c3a737973c081a8526573706f6e73659294c29361636bc090c0c0";
    private static final Capability ROOT = new Capability(Address.parse("a.os@vfs:distro:sys"), "{\"root\":true}");

    @Test
    void aRequestHasTheBytesOfTheSpecification() {
        assertEquals(HELLO_BYTES, hex(MessagePackCodec.encode(HELLO)));
        assertEquals(HELLO, MessagePackCodec.decode(bytes(HELLO_BYTES)));
    }

    @Test
    void aResponseHasTheBytesOfTheSpecification() {
        assertEquals(ACK_BYTES, hex(MessagePackCodec.encode(ACK)));
        assertEquals(ACK, MessagePackCodec.decode(bytes(ACK_BYTES)));
    }

    @Test
    void aCapabilityIsSignedOverTheBytesOfTheSpecification() {
        assertEquals("92b3612e6f73407666733a64697374726f3a737973ad7b22726f6f74223a747275657d",
                hex(MessagePackCodec.signedBytes(ROOT)));
    }

    @Test
    void aMessageWithEverythingSurvivesTheWay() {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        Request request = new Request(true, OptionalLong.of(-1), every, Optional.of("metadata ü"),
                List.of(new SignedCapability(ROOT, every)));
        Envelope envelope = new Envelope(-2, HI, NET, Optional.of(HI), request,
                Optional.of(Blob.of(Optional.of("text/plain"), every)));

        assertEquals(envelope, MessagePackCodec.decode(MessagePackCodec.encode(envelope)));
    }

    @Test
    void byteListsAreWrittenAsNumbersAndReadAsBinaryToo() {
        byte[] binary = pack(out -> {
            out.packArrayHeader(6).packInt(7).packString(HI.toString()).packString(NET.toString()).packNil();
            out.packMapHeader(1).packString("Request").packArrayHeader(5).packBoolean(false).packInt(10);
            out.packBinaryHeader(5).addPayload("hello".getBytes(UTF_8));
            out.packNil().packArrayHeader(0);
            out.packNil();
        });
        assertEquals(HELLO, MessagePackCodec.decode(binary));
    }

    @Test
    void structsAreReadAsMapsInAnyOrderAndVariantsByNumber() {
        byte[] maps = pack(out -> {
            out.packMapHeader(5).packString("message").packMapHeader(1).packInt(0);
            out.packMapHeader(4).packString("capabilities").packArrayHeader(0);
            out.packString("body").packArrayHeader(5);
            for (char c : "hello".toCharArray()) {
                out.packInt(c);
            }
            out.packString("inherit").packBoolean(false).packString("expects_response").packInt(10);
            out.packString("later").packArrayHeader(2).packInt(1).packNil();
            out.packString("target").packString(NET.toString());
            out.packString("source").packString(HI.toString());
            out.packString("id").packInt(7);
        });
        assertEquals(HELLO, MessagePackCodec.decode(maps));
    }

    @Test
    void byteListsAreReadInWhateverFormTheirNumbersHave() {
        byte[] mixed = pack(out -> {
            out.packArrayHeader(6).packInt(7).packString(HI.toString()).packString(NET.toString()).packNil();
            out.packMapHeader(1).packString("Request").packArrayHeader(5).packBoolean(false).packInt(10);
            out.packArrayHeader(6).packInt('h');
            out.addPayload(new byte[] {(byte) 0xcd, 0, 'e', (byte) 0xcc, 'l', (byte) 0xd0, 'l', 'o', (byte) 0xcc, (byte) 0xff});
            out.packNil().packArrayHeader(0);
            out.packNil();
        });
        assertArrayEquals(new byte[] {'h', 'e', 'l', 'l', 'o', -1}, MessagePackCodec.decode(mixed).message().body());
    }

    @Test
    void aMessageToAnAddressThatCannotExistIsToldApart() {
        byte[] wrong = bytes(HELLO_BYTES.replace(hex("net:distro".getBytes(UTF_8)), hex("Net:distro".getBytes(UTF_8))));
        MisaddressedException refusal = assertThrows(MisaddressedException.class, () -> MessagePackCodec.decode(wrong));
        assertTrue(refusal.getMessage().startsWith("message: target: "), refusal.getMessage());
        byte[] source = bytes(HELLO_BYTES.replace(hex("hi:terminal".getBytes(UTF_8)), hex("Hi:terminal".getBytes(UTF_8))));
        assertEquals(CodecException.class, assertThrows(CodecException.class, () -> MessagePackCodec.decode(source)).getClass());
    }

    @Test
    void aCapabilityOfAnIssuerThatCannotExistIsLeftOut() {
        Request request = new Request(false, OptionalLong.empty(), new byte[0], Optional.empty(),
                List.of(SignedCapability.unsigned(ROOT), SignedCapability.unsigned(Capability.messaging(NET))));
        byte[] encoded = MessagePackCodec.encode(new Envelope(1, HI, NET, Optional.empty(), request, Optional.empty()));
        byte[] wrong = bytes(hex(encoded).replace(hex("a.os@vfs".getBytes(UTF_8)), hex("a.os@Vfs".getBytes(UTF_8))));
        assertEquals(List.of(SignedCapability.unsigned(Capability.messaging(NET))),
                MessagePackCodec.decode(wrong).message().capabilities());
    }

    @Test
    void aMapThatLacksAFieldIsRefusedByItsName() {
        byte[] map = pack(out -> out.packMapHeader(1).packString("id").packInt(7));
        CodecException refusal = assertThrows(CodecException.class, () -> MessagePackCodec.decode(map));
        assertEquals("message: message lacks source", refusal.getMessage());
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = bytes(HELLO_BYTES);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(CodecException.class, () -> MessagePackCodec.decode(part), "length " + length);
        }
    }

    @Test
    void bytesLeftOverAreRefused() {
        CodecException refusal = assertThrows(CodecException.class, () -> MessagePackCodec.decode(bytes(HELLO_BYTES + "c0")));
        assertEquals("message: 1 bytes are left over after it", refusal.getMessage());
    }

    @Test
    void aLengthThatCannotBeIsRefusedBeforeAnythingIsAllocated() {
        String claim = HELLO_BYTES.replace("9568656c6c6fc090c0", "ddffffffff");
        assertThrows(CodecException.class, () -> MessagePackCodec.decode(bytes(claim)));
        String large = HELLO_BYTES.replace("9568656c6c6fc090c0", "dd7fffffff");
        CodecException refusal = assertThrows(CodecException.class, () -> MessagePackCodec.decode(bytes(large)));
        assertTrue(refusal.getMessage().contains("claims 2147483647"), refusal.getMessage());
    }

    @Test
    void aMessageOverTheLimitIsNeitherWrittenNorRead() {
        byte[] large = new byte[MessagePackCodec.MAX_MESSAGE];
        Envelope envelope = new Envelope(1, HI, NET, Optional.empty(), Request.of(large), Optional.empty());
        assertThrows(CodecException.class, () -> MessagePackCodec.encode(envelope));
        assertThrows(CodecException.class, () -> MessagePackCodec.decode(new byte[MessagePackCodec.MAX_MESSAGE + 1]));
    }

    @Test
    void theLargestPayloadPasses() throws IOException {
        byte[] high = new byte[5_200_000];
        Arrays.fill(high, (byte) 0xff);
        Envelope envelope = new Envelope(1, HI, NET, Optional.empty(), Request.of("x"), Optional.of(Blob.of(high)));
        assertArrayEquals(high, MessagePackCodec.decode(MessagePackCodec.encode(envelope)).blob().orElseThrow().bytes());
    }

    private static byte[] pack(Packing packing) {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            packing.write(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private interface Packing {
        void write(MessageBufferPacker out) throws IOException;
    }
}
