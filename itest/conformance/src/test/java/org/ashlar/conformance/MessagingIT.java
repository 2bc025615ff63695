package org.ashlar.conformance;

import static org.ashlar.conformance.Command.flood;
import static org.ashlar.conformance.Command.note;
import static org.ashlar.conformance.Command.ourCapabilities;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.respond;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Patience.atOnce;
import static org.ashlar.conformance.Patience.taken;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.ashlar.conformance.Journal.Entry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests, Responses, send errors (reference-kernel 2). */
class MessagingIT extends OnOneNode {
    @Test
    @DisplayName("K1 A Response names who gave it and brings back the context of its Request")
    void k01_aResponseNamesItsSourceAndBringsBackTheContext() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();

        Journal journal = t.ask(p, script(
                send(q).expecting(30).body(script(respond("hello"))).context(script(report()))));

        Entry response = journal.only("response");
        assertEquals(q.address(), response.address("source"));
        assertEquals("hello", response.text("body"));
        assertEquals(script(report()).text(), response.text("context"));
    }

    @Test
    @DisplayName("K2 Responses that come in another order than their Requests each bring back their own context")
    void k02_responsesOutOfOrderBringBackTheirOwnContexts() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();
        Script tellOfSecond = script(send(t).body("second came"));

        Pending report = t.begin(p, script(
                send(q).expecting(30).context(script(report()))
                        .body(script(send(t).expecting(30).body("hold").context(script(respond("first"))))),
                send(q).expecting(30).context(tellOfSecond).body(script(respond("second")))));
        Tester.Mail held = t.mail("hold");
        t.mail("second came");
        held.respond("go on");

        List<Entry> responses = report.journal().all("response");
        assertEquals(List.of("second", "first"), responses.stream().map(each -> each.text("body")).toList());
        assertEquals(List.of(tellOfSecond.text(), script(report()).text()),
                responses.stream().map(each -> each.text("context")).toList());
    }

    @Test
    @DisplayName("K3 A Request that is not answered in time comes back as a Timeout with its target, body, blob and context")
    void k03_anUnansweredRequestComesBackAsATimeout() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();
        long start = System.nanoTime();

        Journal journal = t.ask(p, script(
                send(q).expecting(1).body("silence").blob("text/plain", "attached").context(script(report()))));

        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(waited.compareTo(Duration.ofSeconds(1)) >= 0 && waited.compareTo(Duration.ofSeconds(5)) < 0, waited::toString);
        Entry error = journal.only("error");
        assertEquals("timeout", error.text("kind"));
        assertEquals(q.address(), error.address("target"));
        assertEquals("silence", error.text("body"));
        assertEquals("text/plain", error.text("mime"));
        assertEquals("attached", error.text("bytes"));
        assertEquals(script(report()).text(), error.text("context"));
    }

    @Test
    @DisplayName("K4 A Response that comes after the Timeout was received is never seen")
    void k04_aLateResponseIsNeverSeen() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();

        t.tell(p, script(send(q).expecting(1).context(script(send(t).body("timed out")))
                .body(script(send(t).expecting(30).body("hold").context(script(respond("late"), send(t).body("responded")))))));
        Tester.Mail held = t.mail("hold");
        t.mail("timed out");
        held.respond("go on");
        t.mail("responded");
        t.tell(p, "unrelated");
        Journal journal = t.journal(p);

        assertTrue(journal.has("error"));
        assertFalse(journal.has("response"), journal::toString);
        assertEquals(List.of("unrelated"), journal.plainBodies());
    }

    @Test
    @DisplayName("K5 Of two Responses to one Request the requester receives exactly the first")
    void k05_onlyTheFirstOfTwoResponsesArrives() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();

        t.tell(p, script(send(q).expecting(30).body(script(respond("1"), respond("2"), send(t).body("responded twice")))));
        t.mail("responded twice");

        assertEquals("1", t.journal(p).only("response").text("body"));
        assertFalse(t.journal(p).has("response"));
    }

    @Test
    @DisplayName("K6 A Response without a Request that can be answered sends nothing, is no trap, and leaves one line")
    void k06_aResponseToNothingLeavesALine() {
        Probe q = node.probe("q").startingWith(script(respond("to nobody"), note("still here"))).running();

        assertEquals("still here", t.journal(q).only("note").text("text"));
        assertEquals(1, node.printouts().of(q, 0).size(), () -> node.printouts().of(q, 0).toString());
    }

    @Test
    @DisplayName("K7 A Request to a local process that does not exist ends as a Timeout at once")
    void k07_aRequestToNobodyTimesOutAtOnce() {
        Probe p = node.probe("p").running();
        var nobody = node.nobody();

        atOnce(() -> {
            Entry error = t.ask(p, script(send(nobody).expecting(30).context(script(report())))).only("error");
            assertEquals("timeout", error.text("kind"));
            assertEquals(nobody, error.address("target"));
        });
    }

    @Test
    @DisplayName("K8 A Request to a local process that does not exist, of which no answer is expected, is dropped silently")
    void k08_fireAndForgetToNobodyIsSilent() {
        Probe p = node.probe("p").running();

        t.ask(p, script(send(node.nobody()).body("lost"), report()));
        t.tell(p, "unrelated");
        Journal journal = t.journal(p);

        assertFalse(journal.has("error"), journal::toString);
        assertEquals(List.of("unrelated"), journal.plainBodies());
    }

    @Test
    @DisplayName("K9 A Request to a process that is not public, without its messaging capability, is not delivered, "
            + "ends as a Timeout at once, and a line names both")
    void k09_withoutTheCapabilityNothingIsDelivered() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").closed().running();

        atOnce(() -> assertEquals("timeout", t.ask(p, script(
                send(q).expecting(30).body("not for you").context(script(report())))).only("error").text("kind")));

        assertEquals(List.of(), t.journal(q).plainBodies());
        String line = node.printouts().of(p, 0).getFirst();
        assertTrue(line.contains(p.id().toString()) && line.contains(q.id().toString()), line);
    }

    @Test
    @DisplayName("K10 A public process can be messaged without any capability")
    void k10_aPublicProcessNeedsNoCapability() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();

        Journal journal = t.ask(p, script(ourCapabilities(),
                send(q).expecting(30).body(script(respond("welcome"))).context(script(report()))));

        assertEquals(List.of(p.messaging()), journal.only("caps").capabilities());
        assertEquals("welcome", journal.only("response").text("body"));
    }

    @Test
    @DisplayName("K11 A Response from a process that may not message the requester is dropped, and the Request times out in its time")
    void k11_aForbiddenResponseIsDropped() {
        Probe q = node.probe("q").closed().running();
        Probe p = node.probe("p").closed().holding(q.messaging()).running();

        Duration waited = taken(() -> {
            Journal journal = t.ask(p, script(
                    send(q).expecting(1).body(script(respond("forbidden"))).context(script(report()))));
            assertFalse(journal.has("response"), journal::toString);
            assertEquals("timeout", journal.only("error").text("kind"));
        });

        assertTrue(waited.compareTo(Duration.ofSeconds(1)) >= 0, waited::toString);
        assertTrue(t.journal(q).all("request").stream().anyMatch(each -> each.address("source").equals(p.address())));
    }

    @Test
    @DisplayName("K12 The node name \"our\" leads to this node, and the receiver sees the sender's real node name")
    void k12_ourIsThisNode() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();

        Entry response = t.ask(p, script(
                send("our@" + q.id()).expecting(30).body(script(report())).context(script(report())))).only("response");

        Entry request = Journal.parse(response.text("body")).only("request");
        assertEquals(p.address(), request.address("source"));
        assertEquals(q.address(), response.address("source"));
        assertNotEquals("our", p.address().node());
    }

    @Test
    @DisplayName("K29 A thousand Requests from one process to another arrive all, in the order they were sent")
    void k29_orderIsKeptAndNothingLost() {
        Probe a = node.probe("a").running();
        Probe b = node.probe("b").running();

        t.ask(a, script(flood(b, 1000), report()));

        assertEquals(IntStream.rangeClosed(1, 1000).mapToObj(String::valueOf).toList(), t.journal(b).plainBodies());
    }

    @Test
    @DisplayName("K30 While one process floods another that does not receive, others go on exchanging messages")
    void k30_aFloodDelaysOnlyTheFlooder() {
        Probe a = node.probe("a").running();
        Probe b = node.probe("b").running();
        Probe c = node.probe("c").running();
        Probe d = node.probe("d").running();
        Duration watched = Duration.ofSeconds(3);

        t.tell(b, script(Command.spin()));
        t.tell(a, script(flood(b, 10_000)));
        Patience.until("the mailbox of b is full", () -> node.status(b).orElseThrow().mailboxMessages() >= 1000);
        long end = System.nanoTime() + watched.toNanos();
        int exchanged = 0;
        while (System.nanoTime() < end) {
            Journal journal = t.ask(c, script(Command.await(d).expecting(5).body(script(respond("pong"))), report()));
            assertEquals("pong", journal.only("awaited").text("body"));
            exchanged++;
        }

        assertTrue(exchanged >= 10, "only " + exchanged + " exchanges in " + watched);
        node.kill(b);
        assertFalse(t.journal(a).has("error"));
    }

    @Test
    @DisplayName("K32 A Request to another node without the network capability ends as a Timeout at once")
    void k32_withoutTheNetworkCapabilityNothingLeaves() {
        Probe p = node.probe("p").running();

        atOnce(() -> assertEquals("timeout", t.ask(p, script(
                send("elsewhere.os@some:where:else.os").expecting(30).context(script(report())))).only("error").text("kind")));

        assertTrue(node.printouts().of(p, 0).stream().anyMatch(line -> line.contains("elsewhere.os")));
    }
}
