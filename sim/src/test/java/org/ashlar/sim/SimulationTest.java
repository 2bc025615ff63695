package org.ashlar.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.SendFailedException;
import org.junit.jupiter.api.Test;

/** What an app's author can do with a simulation. */
class SimulationTest {
    private static final String COUNTER = "counter:count:example.os";
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Counts Requests, in its state, and answers the number. */
    private static final Script COUNTS = host -> {
        while (true) {
            if (host.receive() instanceof Delivery.Received(Address source, Request request, Optional<byte[]> context)) {
                int count = 1 + host.state().map(state -> Integer.parseInt(new String(state, UTF_8))).orElse(0);
                host.setState(String.valueOf(count).getBytes(UTF_8));
                host.respond(Response.of(String.valueOf(count)), Optional.empty());
            }
        }
    };

    @Test
    void aProcessAnswersFromAnotherNode() {
        try (Simulation simulation = Simulation.of(1)) {
            SimNode alice = simulation.node("alice.os");
            Address counter = simulation.node("bob.os").guest(Guest.of(COUNTER, COUNTS));

            assertEquals("1", ask(simulation, alice, counter).text().orElseThrow());
            assertEquals("2", ask(simulation, alice, counter).text().orElseThrow());
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesACrash() {
        try (Simulation simulation = Simulation.of(2)) {
            SimNode alice = simulation.node("alice.os");
            SimNode bob = simulation.node("bob.os");
            Address counter = bob.guest(Guest.of(COUNTER, COUNTS));
            assertEquals("1", ask(simulation, alice, counter).text().orElseThrow());

            bob.crash(false);
            simulation.run(Duration.ofSeconds(20));
            bob.start();
            simulation.run(Duration.ofSeconds(20));

            assertEquals("2", ask(simulation, alice, counter).text().orElseThrow());
        }
    }

    @Test
    void anUnreachableNodeIsOffline() {
        try (Simulation simulation = Simulation.of(3)) {
            SimNode alice = simulation.node("alice.os");
            SimNode bob = simulation.node("bob.os");
            Address counter = bob.guest(Guest.of(COUNTER, COUNTS));
            simulation.partition(bob);

            Throwable why = ask(simulation, alice, counter).failure().orElseThrow();

            assertEquals(SendError.Kind.OFFLINE, assertInstanceOf(SendFailedException.class, why).error().kind());
        }
    }

    @Test
    void aProcessThatSaysWhatItWasNotToldIsSeen() {
        try (Simulation simulation = Simulation.of(4)) {
            SimNode alice = simulation.node("alice.os");
            Address counter = alice.guest(Guest.of(COUNTER, COUNTS));
            simulation.invariants().watch(new Address("alice.os", SimNode.TESTER));

            assertThrows(Violation.class, () -> simulation.invariants().received(counter, new Address("alice.os", SimNode.TESTER),
                    Request.of("never sent")));
        }
    }

    @Test
    void anHourTakesNoTime() {
        try (Simulation simulation = Simulation.of(5)) {
            simulation.node("alice.os");
            simulation.run(Duration.ofMinutes(10));

            assertEquals(10, simulation.time().toMinutes());
        }
    }

    @Test
    void anotherSeedIsAnotherRunAndTheSameOneIsTheSame() {
        assertEquals(hash(6), hash(6));
        assertFalse(hash(6).equals(hash(7)));
    }

    private static String hash(long seed) {
        try (Simulation simulation = Simulation.of(seed, Faults.SEVERE)) {
            SimNode alice = simulation.node("alice.os");
            Address counter = simulation.node("bob.os").guest(Guest.of(COUNTER, COUNTS));
            SimNode.Pending pending = alice.ask(counter, "count", 30);
            simulation.runUntil("an end", pending::isDone, SOON);
            return simulation.hash();
        }
    }

    /** Also what a thread starts by itself is under the simulation's control. */
    @Test
    void aThreadOfAThreadIsSimulated() {
        try (Simulation simulation = Simulation.of(8)) {
            boolean[] ran = {false};
            SimMachine machine = new SimMachine(simulation.loop(), new Life(), simulation.random("test"), SimMachine.Skew.NONE, (name, why) -> { });
            machine.start("parent", () -> Thread.ofVirtual().start(() -> {
                machine.park(1_000_000_000);
                ran[0] = true;
            }));
            simulation.run(Duration.ofMillis(900));
            assertFalse(ran[0]);
            simulation.run(Duration.ofMillis(200));
            assertTrue(ran[0]);
        }
    }

    private static SimNode.Pending ask(Simulation simulation, SimNode from, Address whom) {
        SimNode.Pending pending = from.ask(whom, "count", 30);
        simulation.runUntil("an end", pending::isDone, SOON);
        return pending;
    }
}
