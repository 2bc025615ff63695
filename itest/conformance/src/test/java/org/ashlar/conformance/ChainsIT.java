package org.ashlar.conformance;

import static org.ashlar.conformance.Command.getBlob;
import static org.ashlar.conformance.Command.hasBlob;
import static org.ashlar.conformance.Command.lastBlob;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.respond;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.codec.VfsRequest;
import org.ashlar.conformance.Journal.Entry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Chains of Requests, which Request a Response answers, and where blobs go (reference-kernel 2.3, 2.4, 2.8). */
class ChainsIT extends OnOneNode {
    private Probe a;
    private Probe b;
    private Probe c;

    @BeforeEach
    void newProcesses() {
        a = node.probe("a").running();
        b = node.probe("b").running();
        c = node.probe("c").running();
    }

    @Test
    @DisplayName("K13 Who inherits a Request and expects no answer is left out: the last of the chain answers the first")
    void k13_theLastOfAChainAnswersTheFirst() {
        Entry response = t.ask(a, script(send(b).expecting(30).context(script(report()))
                .body(script(send(c).inheriting().body(script(respond("from c"))))))).only("response");

        assertEquals(c.address(), response.address("source"));
        assertEquals("from c", response.text("body"));
        assertEquals(script(report()).text(), response.text("context"));
        Journal between = t.journal(b);
        assertFalse(between.has("response") || between.has("error"), between::toString);
    }

    @Test
    @DisplayName("K14 Who inherits a Request and expects an answer receives it, and still answers the Request it inherited")
    void k14_whoExpectsAnAnswerStaysInTheChain() {
        Entry response = t.ask(a, script(send(b).expecting(30).context(script(report())).body(script(
                send(c).inheriting().expecting(30).body(script(respond("from c"))).context(script(respond("from b"))))))).only("response");

        assertEquals(b.address(), response.address("source"));
        assertEquals("from b", response.text("body"));
        assertEquals(c.address(), t.journal(b).only("response").address("source"));
    }

    @Test
    @DisplayName("K15 A Response sent after a sub-request was answered goes to the Request that the sub-request served")
    void k15_anAnsweredSubRequestLeadsBackToItsRequest() {
        Probe server = node.probe("server").running();

        Pending first = t.begin(a, script(send(server).expecting(30).context(script(report())).body(script(
                send(t).expecting(30).body("s1").context(script(respond("for a")))))));
        Tester.Mail sub = t.mail("s1");
        Pending second = t.begin(b, script(send(server).expecting(30).context(script(report())).body(script(
                send(t).expecting(30).body("s2").context(script(respond("for b")))))));
        Tester.Mail otherSub = t.mail("s2");
        sub.respond("done");

        assertEquals("for a", first.journal().only("response").text("body"));
        otherSub.respond("done");
        assertEquals("for b", second.journal().only("response").text("body"));
    }

    @Test
    @DisplayName("K16 A Response sent while handling a Request that wants none answers the last Request that does")
    void k16_aRequestThatWantsNoAnswerTakesNoneAway() {
        Pending first = t.begin(a, script(
                send(b).expecting(30).body("to be answered").context(script(report())), send(t).body("sent")));
        t.mail("sent");

        t.tell(c, script(send(b).body(script(respond("at last")))));

        Entry response = first.journal().only("response");
        assertEquals(b.address(), response.address("source"));
        assertEquals("at last", response.text("body"));
        assertFalse(t.journal(c).has("response"));
    }

    @Test
    @DisplayName("K17 An inheriting Request passes on the blob of its parent with its MIME type, read or not")
    void k17_anInheritingRequestPassesOnTheBlob() {
        Entry blob = seenByTheLast(send(b).expecting(30).blob("image/png", "picture").context(script(report()))
                .body(script(send(c).inheriting().body(script(getBlob(), report()))))).only("blob");

        assertEquals("image/png", blob.text("mime"));
        assertEquals("picture", blob.text("bytes"));
    }

    @Test
    @DisplayName("K18 A blob given to an inheriting Request goes in place of its parent's")
    void k18_anOwnBlobGoesInPlaceOfTheParents() {
        Entry blob = seenByTheLast(send(b).expecting(30).blob("image/png", "picture").context(script(report()))
                .body(script(send(c).inheriting().blob("another").body(script(getBlob(), report()))))).only("blob");

        assertEquals(Optional.empty(), blob.find("mime"));
        assertEquals("another", blob.text("bytes"));
    }

    @Test
    @DisplayName("K19 An inheriting Response passes on the file that the file system gave")
    void k19_aFileIsPassedOn() {
        Address files = TestNode.address("vfs:distro:sys");
        String path = node.file("file.txt", "content of the file".getBytes(StandardCharsets.UTF_8));
        Probe reader = node.probe("reader").holding(Capability.messaging(files)).running();

        Pending answer = t.begin(reader, script(send(files).expecting(30)
                .body(new String(VfsRequest.read(path).encode(), StandardCharsets.UTF_8)).context(script(respond("here").inheriting()))));

        assertEquals("content of the file", answer.blob());
        assertEquals("here", answer.text());
    }

    @Test
    @DisplayName("K20 An inheriting Request whose parent has no blob passes on none, whatever came before it")
    void k20_noBlobOfAnotherSenderIsPassedOn() {
        t.ask(a, script(send(b).blob("secret of a").body("for b alone"), report()));

        Journal last = Journal.parse(t.begin(b, script(send(c).inheriting().body(script(hasBlob(), getBlob(), report())))).text());

        assertEquals("false", last.only("has-blob").text("value"));
        assertTrue(last.only("blob").flag("none"));
        assertTrue(t.journal(b).plainBodies().contains("for b alone"));
    }

    @Test
    @DisplayName("K21 A message without a blob has none, and the last blob is the most recent one seen")
    void k21_theLastBlobIsTheMostRecentOne() {
        t.tell(a, "older", Blob.of("older blob".getBytes(StandardCharsets.UTF_8)));
        t.tell(a, "newer", Blob.of("newer blob".getBytes(StandardCharsets.UTF_8)));

        Journal journal = t.ask(a, script(hasBlob(), getBlob(), lastBlob(), report()));

        assertEquals("false", journal.only("has-blob").text("value"));
        assertTrue(journal.only("blob").flag("none"));
        assertEquals("newer blob", journal.only("last-blob").text("bytes"));
    }

    @Test
    @DisplayName("K22 Metadata and capabilities are not inherited, neither by a Request nor by a Response")
    void k22_metadataAndCapabilitiesAreNotInherited() {
        Entry response = t.ask(a, script(send(b).expecting(30).metadata("of a").capability(a.issues("\"pass\"")).context(script(report()))
                .body(script(send(c).inheriting().body(script(respond("plain").inheriting())))))).only("response");

        Entry given = t.journal(b).all("request").getFirst();
        assertEquals("of a", given.text("metadata"));
        assertEquals(List.of(a.issues("\"pass\"")), given.capabilities());
        for (Entry inherited : List.of(t.journal(c).all("request").getFirst(), response)) {
            assertEquals("true", inherited.text("inherit"));
            assertEquals(Optional.empty(), inherited.find("metadata"));
            assertEquals(List.of(), inherited.capabilities());
        }
    }

    /** What c reports, whose report answers a. */
    private Journal seenByTheLast(Command request) {
        return Journal.parse(t.ask(a, script(request)).only("response").text("body"));
    }
}
