package org.ashlar.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The host's part is played by {@link Lowering} for the parts that {@link LoweringTest} has proved. */
class LiftingTest {

    private static final Address OUR = Address.parse("a.os@ping:game:b.os");
    private static final Address PONG = Address.parse("a.os@pong:game:b.os");

    private final ArrayMemory memory = new ArrayMemory();
    private final Lowering lower = new Lowering(memory);
    private final Lifting lift = new Lifting(memory);
    private final int result = memory.allocate(152);

    @Test
    void aRequestIsReadFromTheResultOfReceive() {
        memory.storeByte(result, 0);
        lower.address(result + 8, PONG);
        memory.storeByte(result + 40, 0);
        lower.request(result + 48, new OutgoingRequest(OUR).body("grüße").expects(7, SECONDS).inherit()
                .capability(Capability.messaging(PONG)));

        Request request = assertInstanceOf(Request.class, lift.received(result, OUR));

        assertEquals(PONG, request.source());
        assertEquals("grüße", request.text());
        assertEquals(OptionalLong.of(7), request.expectsResponse());
        assertTrue(request.inherit());
        assertEquals(Optional.empty(), request.metadata());
        assertEquals(List.of(Capability.messaging(PONG)), request.capabilities());
    }

    @Test
    void aResponseComesWithItsContext() {
        memory.storeByte(result, 0);
        lower.address(result + 8, PONG);
        memory.storeByte(result + 40, 1);
        memory.storeByte(result + 48, 0);
        lower.bytes(result + 52, "pong".getBytes(UTF_8));
        lower.optionalString(result + 60, Optional.of("{}"));
        lower.capabilities(result + 72, List.of());
        lower.optionalBytes(result + 48 + 32, Optional.of(new byte[] {1, 2}));

        Response response = assertInstanceOf(Response.class, lift.received(result, OUR));

        assertEquals("pong", response.text());
        assertEquals(Optional.of("{}"), response.metadata());
        assertArrayEquals(new byte[] {1, 2}, response.context().orElseThrow());
    }

    @Test
    void aSendErrorNamesItsTargetAndCarriesTheRequest() {
        memory.storeByte(result, 1);
        int error = result + 8;
        memory.storeByte(error, 1);
        lower.address(error + 4, PONG);
        memory.storeByte(error + 40, 0);
        lower.request(error + 48, new OutgoingRequest(PONG).body("ping"));
        lower.optionalBlob(error + 104, Optional.of(new Blob(Optional.of("text/plain"), "x".getBytes(UTF_8))));
        lower.optionalBytes(error + 128, Optional.of("ctx".getBytes(UTF_8)));

        SendError lifted = assertInstanceOf(SendError.class, lift.received(result, OUR));

        assertEquals(SendError.Kind.TIMEOUT, lifted.kind());
        assertEquals(PONG, lifted.target());
        assertEquals(OUR, lifted.message().source());
        assertEquals("ping", lifted.message().text());
        assertEquals(Optional.of("text/plain"), lifted.blob().orElseThrow().mime());
        assertArrayEquals("ctx".getBytes(UTF_8), lifted.context().orElseThrow());
    }

    @Test
    void aRefusedSpawnSaysWhy() {
        memory.storeByte(result, 1);
        memory.storeByte(result + 4, 1);

        var refusal = assertThrows(SpawnFailedException.class, () -> lift.spawned(result, "/game:b.os/pkg/x.wasm"));

        assertEquals(SpawnFailedException.Reason.NO_FILE_AT_PATH, refusal.reason());
    }

    @Test
    void anOnExitWithRequestsIsTheSameAfterItsRoundTrip() {
        lower.onExit(result, OnExit.requests(new OutgoingRequest(PONG).body("bye").blob(Blob.of(new byte[] {9})),
                new OutgoingRequest(OUR).body("gone")));

        OnExit.Requests lifted = assertInstanceOf(OnExit.Requests.class, lift.onExit(result));

        assertEquals(List.of(PONG, OUR), lifted.requests().stream().map(OutgoingRequest::target).toList());
        assertArrayEquals("bye".getBytes(UTF_8), lifted.requests().get(0).body());
        assertArrayEquals(new byte[] {9}, lifted.requests().get(0).blob().orElseThrow().bytes());
        assertEquals(Optional.empty(), lifted.requests().get(1).blob());
    }
}
