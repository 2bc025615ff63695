package org.ashlar.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Offsets here are worked out by hand from the canonical ABI, not taken from {@link Layout}. */
class LoweringTest {

    private static final Address PONG = Address.parse("a.os@pong:game:b.os");

    private final ArrayMemory memory = new ArrayMemory();
    private final Lowering lower = new Lowering(memory);

    @Test
    void theParametersOfSendRequestLieWhereTheCanonicalAbiPutsThem() {
        int at = memory.allocate(128);

        lower.sendParameters(at, new OutgoingRequest(PONG).body("hello").expects(5, SECONDS).metadata("{}")
                .context("then").blob(Blob.of("blob".getBytes(UTF_8))).capability(Capability.messaging(PONG)));

        assertEquals("a.os", text(at));
        assertEquals("pong", text(at + 8));
        assertEquals("game", text(at + 16));
        assertEquals("b.os", text(at + 24));
        int request = at + 32;
        assertEquals(0, memory.loadByte(request), "inherit");
        assertEquals(1, memory.loadByte(request + 8), "expects-response is there");
        assertEquals(5, memory.loadLong(request + 16));
        assertEquals("hello", text(request + 24));
        assertEquals(1, memory.loadByte(request + 32), "metadata is there");
        assertEquals("{}", text(request + 36));
        assertEquals(1, memory.loadInt(request + 48), "number of capabilities");
        int capability = memory.loadInt(request + 44);
        assertEquals("pong", text(capability + 8));
        assertEquals("\"messaging\"", text(capability + 32));
        assertEquals(1, memory.loadByte(at + 88), "context is there");
        assertEquals("then", text(at + 92));
        assertEquals(1, memory.loadByte(at + 100), "blob is there");
        assertEquals(0, memory.loadByte(at + 104), "mime is not there");
        assertEquals("blob", text(at + 116));
    }

    @Test
    void whatIsNotSetIsMarkedAsAbsent() {
        int at = memory.allocate(128);

        lower.sendParameters(at, new OutgoingRequest(PONG).inherit());

        assertEquals(1, memory.loadByte(at + 32), "inherit");
        assertEquals(0, memory.loadByte(at + 40), "expects-response");
        assertEquals(0, memory.loadInt(at + 60), "length of the body");
        assertEquals(0, memory.loadByte(at + 64), "metadata");
        assertEquals(0, memory.loadInt(at + 80), "number of capabilities");
        assertEquals(0, memory.loadByte(at + 88), "context");
        assertEquals(0, memory.loadByte(at + 100), "blob");
    }

    @Test
    void elementsOfAListOfRequestsAreApartByTheirPaddedSize() {
        int at = memory.allocate(8);

        lower.sendList(at, java.util.List.of(new OutgoingRequest(PONG).body("one"), new OutgoingRequest(PONG).body("two")));

        assertEquals(2, memory.loadInt(at + 4));
        int first = memory.loadInt(at);
        assertEquals(0, first % 8);
        assertEquals("one", text(first + 56));
        assertEquals("two", text(first + 128 + 56));
    }

    @Test
    void aPartOfASecondIsRoundedUp() {
        assertEquals(1, new OutgoingRequest(PONG).expects(1, MILLISECONDS).expectsResponse().getAsLong());
        assertEquals(2, new OutgoingRequest(PONG).expects(2000, MILLISECONDS).expectsResponse().getAsLong());
        assertThrows(IllegalArgumentException.class, () -> new OutgoingRequest(PONG).expects(-1, SECONDS));
    }

    @Test
    void awaitingWithoutExpectingIsAMistakeOfTheCaller() {
        assertThrows(IllegalStateException.class, () -> new OutgoingRequest(PONG).await());
    }

    private String text(int at) {
        byte[] bytes = new byte[memory.loadInt(at + 4)];
        memory.load(memory.loadInt(at), bytes);
        return new String(bytes, UTF_8);
    }
}
