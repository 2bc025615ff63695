package org.ashlar.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Envelope;
import org.ashlar.codec.RoutingRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private final World world = new World();
    private final LocalNode alice = world.node("alice.os");
    private final LocalNode bob = world.node("bob.os");

    private Routes.Proof check(RoutingRequest request, String router, Instant now) {
        return Routes.check(request, world.known.get(request.source()), router, now);
    }

    @Test
    void bothFormsAreAccepted() {
        assertEquals(Routes.Proof.UNBOUND, check(Routes.unbound(alice.identity(), "bob.os", "router.os"), "router.os", NOW));
        assertEquals(Routes.Proof.BOUND, check(Routes.bound(alice.identity(), "bob.os", "router.os", NOW), "router.os", NOW));
        assertEquals(Routes.Proof.BOUND, check(RoutingRequest.parse(Routes.bound(alice.identity(), "bob.os", "router.os", NOW).encode()),
                "router.os", NOW.plus(Routes.SKEW)));
    }

    @Test
    void aRequestForAnotherRouterTimeTargetOrSourceIsRefused() {
        RoutingRequest good = Routes.bound(alice.identity(), "bob.os", "router.os", NOW);
        assertThrows(NoiseException.class, () -> check(good, "other.os", NOW));
        assertThrows(NoiseException.class, () -> check(good, "router.os", NOW.plus(Routes.SKEW).plusSeconds(1)));
        assertThrows(NoiseException.class, () -> check(good, "router.os", NOW.minus(Routes.SKEW).minusSeconds(1)));
        assertThrows(NoiseException.class, () -> check(Routes.unbound(alice.identity(), "alice.os", "router.os"), "router.os", NOW));
        assertThrows(NoiseException.class, () -> check(Routes.unbound(alice.identity(), "router.os", "router.os"), "router.os", NOW));
        RoutingRequest stolen = new RoutingRequest(1, "bob.os", good.signature(), "carol.os", Optional.empty());
        assertThrows(NoiseException.class, () -> check(stolen, "router.os", NOW));
    }

    @Test
    void aBindingToAnyOtherTimeIsRefusedHoweverLargeItsNumber() {
        RoutingRequest good = Routes.bound(alice.identity(), "bob.os", "router.os", NOW);
        for (long time : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, NOW.getEpochSecond() + 1}) {
            RoutingRequest moved = new RoutingRequest(1, "alice.os", good.signature(), "bob.os",
                    Optional.of(new RoutingRequest.Binding(time, good.binding().orElseThrow().signature())));
            assertThrows(NoiseException.class, () -> check(moved, "router.os", NOW), "time " + time);
        }
        for (long seconds : new long[] {-1, Long.MAX_VALUE / 1_000_000_000, 0}) {
            RoutingRequest signed = Routes.bound(alice.identity(), "bob.os", "router.os", Instant.ofEpochSecond(seconds));
            assertThrows(NoiseException.class, () -> check(signed, "router.os", NOW), "seconds " + seconds);
        }
    }

    /** The way that a connection takes through a router which only copies bytes (reference-modules 1.9). */
    @ParameterizedTest
    @EnumSource
    void twoNodesTalkThroughARouterThatUnderstandsNothing(Wire wire) {
        LocalNode router = world.node("router.os");
        PeerSession dialling = PeerSession.dialThrough(alice, wire, Routes.bound(alice.identity(), "bob.os", "router.os", NOW));
        List<byte[]> fromAlice = wire == Wire.TCP ? List.of(World.joined(dialling.start())) : dialling.start();
        List<byte[]> toBob = led(PeerSession.accept(router, wire), fromAlice, "alice.os", "bob.os");

        PeerSession waiting = PeerSession.acceptThrough(bob, wire, Routes.unbound(bob.identity(), "alice.os", "router.os"));
        assertEquals(List.of(), led(PeerSession.accept(router, wire), waiting.start(), "bob.os", "alice.os"));

        List<SessionEvent> atBob = new ArrayList<>();
        List<SessionEvent> atAlice = new ArrayList<>();
        for (byte[] frame : toBob) {
            atBob.addAll(waiting.receive(frame));
        }
        atAlice.addAll(dialling.receive(assertInstanceOf(SessionEvent.Output.class, atBob.getLast()).frame()));
        atBob.addAll(waiting.receive(assertInstanceOf(SessionEvent.Output.class, atAlice.getFirst()).frame()));
        assertEquals(new SessionEvent.Established("bob.os", false, false), atAlice.getLast());
        assertEquals(new SessionEvent.Established("alice.os", false, false), atBob.getLast());

        Envelope hello = World.message("alice.os", "bob.os", new byte[] {1});
        List<SessionEvent> heard = waiting.receive(dialling.send(hello).getFirst());
        assertEquals(hello, assertInstanceOf(SessionEvent.Received.class, heard.getLast()).envelope());
    }

    /** What is left for the node behind the router, after the router has read the request. */
    private List<byte[]> led(PeerSession atRouter, List<byte[]> frames, String source, String target) {
        SessionEvent.Routing routing = assertInstanceOf(SessionEvent.Routing.class, atRouter.receive(frames.getFirst()).getLast());
        assertEquals(source, routing.request().source());
        assertEquals(target, routing.request().target());
        check(routing.request(), "router.os", NOW);
        assertEquals(List.of(), atRouter.receive(new byte[] {1}));
        List<byte[]> rest = new ArrayList<>(frames.subList(1, frames.size()));
        if (routing.rest().length > 0) {
            rest.addFirst(routing.rest());
        }
        return rest;
    }

    @Test
    void whoWaitsAtARouterTakesNobodyElse() {
        LocalNode carol = world.node("carol.os");
        PeerSession waiting = PeerSession.acceptThrough(bob, Wire.WEBSOCKET, Routes.unbound(bob.identity(), "alice.os", "router.os"));
        assertEquals(1, waiting.start().size());
        PeerSession dialling = PeerSession.dial(carol, Wire.WEBSOCKET, "bob.os", false);
        byte[] second = ((SessionEvent.Output) waiting.receive(dialling.start().getFirst()).getFirst()).frame();
        byte[] third = ((SessionEvent.Output) dialling.receive(second).getFirst()).frame();
        assertEquals(SessionEvent.Reason.WRONG_PEER, ((SessionEvent.Failed) waiting.receive(third).getLast()).reason());
    }

    @ParameterizedTest
    @EnumSource
    void aFirstFrameThatIsNeitherIsRefused(Wire wire) {
        for (int length : new int[] {0, 1, 31, 33, 200}) {
            List<SessionEvent> events = PeerSession.accept(bob, wire).receive(FrameWriter.handshake(wire, new byte[length]));
            assertEquals(SessionEvent.Reason.MALFORMED, assertInstanceOf(SessionEvent.Failed.class, events.getLast()).reason());
        }
    }
}
