package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.SERVICE;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An Error that nobody thought of ends what threw it, and nothing else. */
@Timeout(60)
class ErrorsTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aSystemProcessThatThrowsAnErrorServesTheSameSendersNextRequest() throws Exception {
        node.node.arrive(SERVICE, (request, reply) -> {
            if (text(request.message().body()).equals("bad")) {
                throw new AssertionError("cannot be");
            }
            reply.respond(Response.of("fine"));
        }, TestNode.PUBLIC);
        CompletableFuture<Answer> bad = node.asking(SERVICE, "bad", 60);
        assertThrows(ExecutionException.class, () -> bad.get(1, TimeUnit.SECONDS));
        assertEquals("fine", text(node.ask(SERVICE, "good", 2)));
    }

    @Test
    void aGuestWhoseRuntimeThrowsAnErrorEndsAsIfItHadTrapped() throws Exception {
        ProcessId guest = node.guest("guest", OnExit.RESTART, host -> {
            host.receive();
            throw new AssertionError("cannot be");
        });
        CompletableFuture<Answer> asked = node.asking(guest, "hello", 60);
        assertThrows(ExecutionException.class, () -> asked.get(1, TimeUnit.SECONDS));
        TestNode.await("it waits to be restarted", () -> !node.node.slots().get(guest).isServed());
    }

    @Test
    void whyAProcessFailedIsSaidToWhoAskedItAndKeptUntilItIsMadeAnew() throws Exception {
        ProcessId guest = node.guest("fragile", OnExit.RESTART, Scripts.FRAGILE);
        assertEquals(Optional.empty(), node.node.failure(guest));
        ExecutionException ended = assertThrows(ExecutionException.class,
                () -> node.asking(guest, "trap", 60).get(2, TimeUnit.SECONDS));
        assertTrue(ended.getCause().getMessage().endsWith(guest + " ended with an error before it answered: told to trap"),
                ended.getCause().getMessage());
        assertEquals(Optional.of("told to trap"), node.node.failure(guest));
        assertEquals(Optional.of("told to trap"), node.node.slots().get(guest).status().failure());
        node.node.guests().replace(node.definition(guest, OnExit.RESTART, true),
                node.runtime.script("echo", Scripts.ECHO), List.of());
        assertEquals(Optional.empty(), node.node.failure(guest));
    }

    @Test
    void whyAProcessFailedIsKnownWhenItIsGone() {
        ProcessId guest = node.guest("fragile", OnExit.NONE, Scripts.FRAGILE);
        ExecutionException ended = assertThrows(ExecutionException.class,
                () -> node.asking(guest, "trap", 60).get(2, TimeUnit.SECONDS));
        assertTrue(ended.getCause().getMessage().contains("told to trap"), ended.getCause().getMessage());
        TestNode.await("it is gone", () -> node.node.slots().get(guest) == null);
        assertEquals(Optional.of("told to trap"), node.node.failure(guest));
    }

    @Test
    void whoAskedLearnsThatStateCouldNotBeWritten() {
        ProcessId guest = node.guest("keeper", OnExit.RESTART, Scripts.serving((host, body) -> host.setState(body.getBytes())));
        node.store.failFromNowOn(true);
        ExecutionException ended = assertThrows(ExecutionException.class,
                () -> node.asking(guest, "precious", 60).get(2, TimeUnit.SECONDS));
        assertTrue(ended.getCause().getMessage().contains("the disk is full"), ended.getCause().getMessage());
    }

    @Test
    void ofVeryManyFailuresTheFirstAreForgotten() {
        Failures failures = new Failures();
        for (int i = 0; i <= Failures.MAX; i++) {
            failures.failed(ProcessId.parse("p-" + i + ":test:sys"), "x".repeat(2 * Failures.MAX_REASON), 0);
        }
        assertEquals(Optional.empty(), failures.of(ProcessId.parse("p-0:test:sys")));
        assertEquals(Failures.MAX_REASON, failures.of(ProcessId.parse("p-1:test:sys")).orElseThrow().length());
    }

    @Test
    void theClockGoesOnWhenATickFails() {
        node.node.printer().add(printout -> {
            throw new NoClassDefFoundError("of a bundle that has stopped");
        });
        CompletableFuture<Answer> givenUp = unserved();
        node.time.pass(Providers.GRACE.plusSeconds(1));
        assertThrows(ExecutionException.class, () -> givenUp.get(2, TimeUnit.SECONDS));
        ProcessId silent = node.guest("silent", OnExit.NONE, Scripts.SILENT);
        CompletableFuture<Answer> late = node.asking(silent, "hello", 1);
        assertThrows(ExecutionException.class, () -> late.get(3, TimeUnit.SECONDS));
    }

    /** A Request to a system process that nothing serves. */
    private CompletableFuture<Answer> unserved() {
        SystemProcess brief = (request, reply) -> { };
        node.node.arrive(SERVICE, brief, TestNode.PUBLIC);
        node.node.depart(SERVICE, brief);
        CompletableFuture<Answer> asked = node.asking(SERVICE, "hello", 300);
        assertThrows(TimeoutException.class, () -> asked.get(100, TimeUnit.MILLISECONDS));
        return asked;
    }
}
