package org.ashlar.conformance;

import static org.ashlar.conformance.Command.await;
import static org.ashlar.conformance.Command.getBlob;
import static org.ashlar.conformance.Command.note;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.respond;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Patience.taken;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.ashlar.api.message.SendError;
import org.ashlar.conformance.Journal.Entry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code send-and-await-response} (reference-kernel 2.7). */
class AwaitIT extends OnOneNode {
    private Probe p;
    private Probe q;

    @BeforeEach
    void newProcesses() {
        p = node.probe("p").running();
        q = node.probe("q").running();
    }

    @Test
    @DisplayName("K23 Mail that comes while a process awaits an answer is received afterwards, in its order")
    void k23_otherMailIsKeptWhileAwaiting() {
        t.tell(p, script(await(q).expecting(30).body(script(
                send(t).expecting(30).body("hold").context(script(respond("answer")))))));
        Tester.Mail held = t.mail("hold");
        t.tell(p, "m1");
        t.tell(p, "m2");
        held.respond("go on");

        List<Entry> entries = t.journal(p).entries();

        assertEquals(List.of("init", "request", "awaited", "request", "request", "request"),
                entries.stream().map(Entry::verb).toList());
        assertEquals(List.of("answer", "m1", "m2", script(report()).text()),
                entries.subList(2, 6).stream().map(each -> each.text("body")).toList());
        assertEquals(q.address(), entries.get(2).address("source"));
    }

    @Test
    @DisplayName("K24 An awaited Request that is not answered gives a Timeout, and the process goes on")
    void k24_anAwaitedTimeoutIsAnError() {
        Journal journal = t.ask(p, script(await(q).expecting(1).body("silence"), note("goes on"), report()));

        Entry error = journal.only("awaited-error");
        assertEquals("timeout", error.text("kind"));
        assertEquals(q.address(), error.address("target"));
        assertEquals("goes on", journal.only("note").text("text"));
    }

    @Test
    @DisplayName("K25 Awaiting an answer that is not expected, or one from oneself, is a trap")
    void k25_awaitingNothingOrOneselfIsATrap() {
        endsWithError(p, await(q));
        endsWithError(q, await(Command.OUR).expecting(30));
    }

    @Test
    @DisplayName("K26 Awaiting an answer from oneself under the node name \"our\" is a trap too, not a wait")
    void k26_awaitingOneselfAsOurIsATrap() {
        endsWithError(p, await("our@" + p.id()).expecting(30));
    }

    private void endsWithError(Probe probe, Command command) {
        Duration waited = taken(() -> assertEquals(SendError.Kind.TIMEOUT, t.begin(probe, script(command)).error().kind()));

        assertTrue(waited.compareTo(Duration.ofSeconds(5)) < 0, waited::toString);
        node.printouts().line(probe, 0, "ended with error");
        node.awaitEnd(probe);
    }

    @Test
    @DisplayName("K27 A Response sent after awaiting another process goes to the Request being served")
    void k27_afterAwaitingTheRequestBeingServedIsAnswered() {
        Probe a = node.probe("a").running();

        Entry response = t.ask(a, script(send(p).expecting(30).context(script(report()))
                .body(script(await(q).expecting(30).body(script(respond("inner"))), respond("outer"))))).only("response");

        assertEquals(p.address(), response.address("source"));
        assertEquals("outer", response.text("body"));
        assertFalse(t.journal(q).has("response"));
        assertEquals("inner", t.journal(p).only("awaited").text("body"));
    }

    @Test
    @DisplayName("K28 The blob of an awaited answer is the blob at hand afterwards")
    void k28_theBlobOfAnAwaitedAnswerIsAtHand() {
        Journal journal = t.ask(p, script(
                await(q).expecting(30).body(script(respond("with a gift").blob("text/plain", "gift"))), getBlob(), report()));

        Entry blob = journal.only("blob");
        assertEquals("text/plain", blob.text("mime"));
        assertEquals("gift", blob.text("bytes"));
    }
}
