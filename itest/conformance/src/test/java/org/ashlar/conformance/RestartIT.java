package org.ashlar.conformance;

import static org.ashlar.conformance.Command.clearState;
import static org.ashlar.conformance.Command.dropCapabilities;
import static org.ashlar.conformance.Command.getState;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.saveCapabilities;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Command.setState;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.conformance.Journal.Entry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is still there when the whole node was stopped and started again. */
class RestartIT extends OnOneNode {
    @Test
    @DisplayName("K38 State that a process kept is there after the node was restarted, until it is cleared")
    void k38_stateSurvivesARestart() {
        Probe p = node.probe("p").onExit(OnExit.RESTART).running();
        Journal before = t.ask(p, script(getState(), setState("kept"), report()));

        node.restart();
        Journal after = t.ask(p, script(getState(), clearState(), getState(), report()));

        assertTrue(before.only("state").flag("none"));
        assertEquals("kept", after.all("state").getFirst().text("value"));
        assertTrue(after.all("state").getLast().flag("none"));
    }

    @Test
    @DisplayName("K57 When the node is started again, processes that restart run, and those without an on-exit do not")
    void k57_onlyThoseThatRestartComeBack() {
        Probe returning = node.probe("returning").onExit(OnExit.RESTART).startingWith(script(send(t).body("up"))).running();
        Probe transientOne = node.probe("transient").running();
        t.mail("up");

        node.restart();

        assertEquals(returning.address(), t.mail("up").source());
        assertEquals(Optional.empty(), node.status(transientOne));
    }

    @Test
    @DisplayName("K65 A capability that came with a message and was saved can be attached later, also after the node was "
            + "restarted, until it is dropped")
    void k65_aSavedCapabilityCanBeHandedOn() {
        Probe issuer = node.probe("issuer").onExit(OnExit.RESTART).running();
        Probe keeper = node.probe("keeper").onExit(OnExit.RESTART).running();
        Probe witness = node.probe("witness").onExit(OnExit.RESTART).running();
        Capability pass = issuer.issues("{\"may\":\"pass\"}");
        Script handOn = script(send(witness).body("look").capability(pass), report());

        t.ask(issuer, script(send(keeper).body(script(saveCapabilities(pass), send(t).body("saved"))).capability(pass), report()));
        t.mail("saved");
        assertEquals(List.of(pass), t.journal(keeper).all("request").getFirst().capabilities());
        t.ask(keeper, handOn);
        assertEquals(List.of(pass), shownTo(witness));

        node.restart();
        t.ask(keeper, handOn);
        assertEquals(List.of(pass), shownTo(witness));

        t.ask(keeper, script(dropCapabilities(pass), report()));
        t.ask(keeper, handOn);
        assertEquals(List.of(), shownTo(witness));
        assertFalse(node.holds(keeper.id(), pass).orElseThrow());
    }

    private List<Capability> shownTo(Probe witness) {
        return t.journal(witness).all("request").stream().filter(each -> each.text("body").equals("look"))
                .map(Entry::capabilities).toList().getLast();
    }
}
