package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    private static final ProcessId SERVICE = ProcessId.parse("service:test:sys");

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
        }, 0, true);
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
        node.node.arrive(SERVICE, brief, 0, true);
        node.node.depart(SERVICE, brief);
        CompletableFuture<Answer> asked = node.asking(SERVICE, "hello", 300);
        assertThrows(TimeoutException.class, () -> asked.get(100, TimeUnit.MILLISECONDS));
        return asked;
    }
}
