package org.ashlar.kernel;

import static org.ashlar.kernel.Scripts.respond;
import static org.ashlar.kernel.Scripts.serving;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.SendFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every Request that expects a Response ends exactly once. */
@Timeout(60)
class ExchangesTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aGuestAnswersWhatItIsAsked() throws Exception {
        ProcessId echo = node.guest("echo", OnExit.NONE, Scripts.ECHO);
        Answer answer = node.ask(echo, "hello", 5);
        assertEquals("hello", text(answer));
        assertEquals(node.address(echo), answer.source());
    }

    @Test
    void aRequestToNobodyFailsAtOnceAndSaysWhy() {
        SendFailedException failed = assertThrows(SendFailedException.class,
                () -> node.ask(ProcessId.parse("nobody:test:sys"), "hello", 30));
        assertEquals(SendError.Kind.TIMEOUT, failed.error().kind());
        assertEquals("there is no process nobody:test:sys on this node", failed.getMessage());
    }

    @Test
    void aRequestThatIsNotAnsweredFailsWhenItsTimeIsOver() {
        ProcessId silent = node.guest("silent", OnExit.NONE, Scripts.SILENT);
        long before = System.nanoTime();
        assertThrows(SendFailedException.class, () -> node.ask(silent, "hello", 1));
        assertTrue(System.nanoTime() - before >= TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aRequestTakenByAProcessThatTrapsFailsAtOnceAndOthersInItsMailboxAreServedAfterTheRestart() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        ProcessId fragile = node.guest("fragile", OnExit.RESTART, host -> {
            gate.join();
            Scripts.FRAGILE.run(host);
        });
        CompletableFuture<Answer> fatal = node.asking(fragile, "trap", 30);
        CompletableFuture<Answer> next = node.asking(fragile, "next", 30);
        gate.complete(null);
        assertThrows(Exception.class, () -> fatal.get(1, TimeUnit.SECONDS));
        assertEquals("next", text(next.get(10, TimeUnit.SECONDS)), "the mail it had not taken outlives the crash");
    }

    @Test
    void mailThatWaitsForAKilledProcessFailsAtOnce() throws Exception {
        ProcessId busy = node.guest("busy", OnExit.RESTART, host -> {
            host.receive();
            host.sendAndAwait(node.address(ProcessId.parse("silent:test:sys")), Request.of("x").expecting(60),
                    Optional.empty());
        });
        node.guest("silent", OnExit.NONE, Scripts.SILENT);
        node.tell(busy, "begin");
        CompletableFuture<Answer> waiting = node.asking(busy, "later", 60);
        assertTrue(node.node.guests().kill(busy));
        assertThrows(Exception.class, () -> waiting.get(2, TimeUnit.SECONDS));
    }

    @Test
    void aChainAnswersWhoeverBeganItAndTheMiddleMayDie() throws Exception {
        ProcessId last = node.guest("last", OnExit.NONE, Scripts.ECHO);
        ProcessId middle = node.guest("middle", OnExit.NONE, host -> {
            host.receive();
            host.send(new GuestHost.Outgoing(node.address(last), new Request(true, OptionalLong.empty(),
                    "passed on".getBytes(), Optional.empty(), List.of()), Optional.empty(), Optional.empty()));
        });
        Answer answer = node.ask(middle, "hello", 5);
        assertEquals("passed on", text(answer));
        assertEquals(node.address(last), answer.source());
    }

    @Test
    void twoInheritingRequestsThatShareAnIdHaveAnAnswerEach() throws Exception {
        ProcessId echo = node.guest("echo", OnExit.NONE, Scripts.ECHO);
        ProcessId middle = node.guest("middle", OnExit.NONE, host -> {
            host.receive();
            for (String body : List.of("one", "two")) {
                host.send(new GuestHost.Outgoing(node.address(echo), new Request(true, OptionalLong.of(5),
                        body.getBytes(), Optional.empty(), List.of()), Optional.of(body.getBytes()), Optional.empty()));
            }
            List<String> seen = new ArrayList<>();
            while (seen.size() < 2) {
                Delivery.Received received = (Delivery.Received) host.receive();
                seen.add(text(received.context().orElseThrow()) + "=" + text(received.message().body()));
            }
            respond(host, seen.toString());
        });
        assertEquals("[one=one, two=two]", text(node.ask(middle, "go", 5)));
    }

    @Test
    void aFullMailboxParksItsSenderAndNobodyElse() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
        ProcessId slow = node.guest("slow", OnExit.NONE, host -> {
            gate.join();
            serving((h, body) -> taken.add(body)).run(host);
        });
        int flood = 3 * Mailbox.MAX_MESSAGES;
        node.guest("flooder", OnExit.NONE, host -> {
            for (int i = 0; i < flood; i++) {
                host.send(new GuestHost.Outgoing(node.address(slow), Request.of(Integer.toString(i)), Optional.empty(),
                        Optional.empty()));
            }
            host.receive();
        });
        ProcessId echo = node.guest("echo", OnExit.NONE, Scripts.ECHO);
        TestNode.await("the mailbox is full", () -> node.node.slots().get(slow).mailbox().messages()
                >= Mailbox.MAX_MESSAGES);
        assertEquals("others go on", text(node.ask(echo, "others go on", 5)));
        gate.complete(null);
        TestNode.await("all have arrived", () -> taken.size() == flood);
        int expected = 0;
        for (String each : taken) {
            assertEquals(Integer.toString(expected++), each, "in the order they were sent");
        }
    }

    @Test
    void whateverIsKilledEveryRequestEndsOnce() throws Exception {
        Random random = new Random(7);
        List<ProcessId> echoes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            echoes.add(node.guest("echo-" + i, OnExit.RESTART, Scripts.FRAGILE));
        }
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            ProcessId target = echoes.get(random.nextInt(echoes.size()));
            asked.add(node.asking(target, random.nextInt(500) == 0 ? "trap" : "echo " + i, 30));
            if (i % 1_000 == 500) {
                node.node.guests().kill(echoes.get(i / 1_000));
            }
        }
        int answered = 0;
        for (CompletableFuture<Answer> each : asked) {
            try {
                each.get(40, TimeUnit.SECONDS);
                answered++;
            } catch (ExecutionException e) {
                assertTrue(e.getCause() instanceof SendFailedException, e.toString());
            }
        }
        assertTrue(answered > 1_000, "many were answered: " + answered);
        assertFalse(node.node.slots().get(TestNode.TESTER).outstanding().size() > 0, "none is open");
    }
}
