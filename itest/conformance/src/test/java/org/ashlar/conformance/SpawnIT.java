package org.ashlar.conformance;

import static org.ashlar.conformance.Command.CHILD;
import static org.ashlar.conformance.Command.await;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.respond;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Command.spawn;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.conformance.Journal.Entry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Children of processes (reference-kernel 4.5). */
class SpawnIT extends OnOneNode {
    private static String childFile;

    @BeforeAll
    static void writeChild() {
        childFile = node.file("child.wasm", ProbeComponent.PLAIN.bytes());
    }

    @Test
    @DisplayName("K58 A child without a name is named by a number, and parent and child may message each other from the "
            + "child's first instruction on")
    void k58_parentAndChildMayMessageEachOther() {
        Probe parent = node.probe("parent").closed().running();
        String file = node.file("eager.wasm", ProbeComponent.PLAIN.startingWith(script(
                send(parent).expecting(30).body(script(respond("welcome"))).context(script(send(t).body("welcomed"))))).bytes());

        Journal journal = t.ask(parent, script(
                spawn(file), await(CHILD).expecting(30).body(script(respond("here I am"))), report()));

        Address child = journal.only("spawned").address("address");
        assertTrue(child.process().process().matches("[0-9]+"), child::toString);
        assertEquals(parent.id().packageId(), child.process().packageId());
        Entry awaited = journal.only("awaited");
        assertEquals(child, awaited.address("source"));
        assertEquals("here I am", awaited.text("body"));
        assertEquals(child, t.mail("welcomed").source());
        assertEquals("welcome", t.journal(new Probe(child)).only("response").text("body"));
        assertFalse(node.entry(child.process()).orElseThrow().isPublic());
    }

    @Test
    @DisplayName("K59 A child gets of the capabilities asked for those that its parent holds, beside messaging to itself and its parent")
    void k59_aChildGetsWhatItsParentHolds() {
        Probe issuer = node.probe("issuer").running();
        Probe parent = node.probe("parent").holding(issuer.issues("\"held\"")).running();

        Address child = t.ask(parent, script(
                spawn(childFile).capabilities(issuer.issues("\"held\""), issuer.issues("\"not held\"")), report()))
                .only("spawned").address("address");

        assertEquals(Set.of(issuer.issues("\"held\""), Capability.messaging(child), parent.messaging()),
                Set.copyOf(node.entry(child.process()).orElseThrow().capabilities()));
    }

    @Test
    @DisplayName("K60 To spawn from a path that cannot be read, or under a name that is taken, is an error; the owner of the "
            + "name notices nothing")
    void k60_aMissingFileAndATakenNameAreErrors() {
        Probe parent = node.probe("parent").running();
        Probe owner = node.probe("owner").running();

        List<Entry> errors = t.ask(parent, script(
                spawn("/" + TestNode.PACKAGE + "/pkg/missing.wasm"),
                spawn(childFile).with("name", owner.id().process()), report())).all("spawn-error");

        assertEquals(List.of("no-file-at-path", "name-taken"), errors.stream().map(each -> each.text("kind")).toList());
        Journal seen = t.journal(owner);
        assertEquals(List.of("init", "request"), seen.entries().stream().map(Entry::verb).toList());
        assertEquals(t.address(), seen.only("request").address("source"));
    }

    @Test
    @DisplayName("K61 Whom the parent grants messaging to its child may message it, though it is not public")
    void k61_aGrantLetsOthersMessageTheChild() {
        Probe parent = node.probe("parent").running();
        Probe friend = node.probe("friend").running();
        Probe stranger = node.probe("stranger").running();

        Probe child = new Probe(t.ask(parent, script(
                spawn(childFile).grant(friend.id(), Capability.MESSAGING), report())).only("spawned").address("address"));

        Script greet = script(send(child).expecting(30).body(script(respond("hello"))).context(script(report())));
        assertEquals("hello", t.ask(friend, greet).only("response").text("body"));
        assertTrue(t.ask(stranger, greet).has("error"));
    }
}
