package org.ashlar.conformance;

import static org.ashlar.conformance.Command.note;
import static org.ashlar.conformance.Command.ourCapabilities;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.saveCapabilities;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Command.trap;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.KernelCommand;
import org.ashlar.conformance.Journal.Entry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may do what, and how that is handed on (reference-kernel 5). */
class CapabilitiesIT extends OnOneNode {
    private static final Capability COMMANDS = Capability.messaging(TestNode.kernelAddress());


    @Test
    @DisplayName("K63 Capabilities are the same when their params are the same JSON value and their issuers the same, node included")
    void k63_paramsAreComparedAsJson() {
        Probe p = node.probe("p").running();
        Probe holder = node.probe("holder").holding(p.issues("{\"a\":1,\"b\":2}"), p.messaging()).running();

        assertEquals(Optional.of(true), node.holds(holder.id(), p.issues("{\"b\":2, \"a\":1}")));
        assertEquals(Optional.of(false), node.holds(holder.id(), p.issues("{\"b\":2, \"a\":1.0}")));
        assertEquals(Optional.of(true), node.holds(holder.id(), p.messaging()));
        assertEquals(Optional.of(false), node.holds(holder.id(), Capability.messaging(new Address("elsewhere.os", p.id()))));
    }

    @Test
    @DisplayName("K64 A capability that its sender neither holds nor issues is left out; the message arrives without it")
    void k64_whatIsNotHeldIsNotAttached() {
        Probe p = node.probe("p").running();
        Probe q = node.probe("q").running();

        t.ask(p, script(send(q).body("forged").capabilities(COMMANDS, q.issues("\"forged\""), p.issues("\"own\"")), report()));

        Entry request = t.journal(q).all("request").getFirst();
        assertEquals("forged", request.text("body"));
        assertEquals(List.of(p.issues("\"own\"")), request.capabilities());
    }

    @Test
    @DisplayName("K67 When an issuer is killed, what it issued is gone from everyone; when it restarts, it stays")
    void k67_whatAKilledProcessIssuedIsGone() {
        Probe issuer = node.probe("issuer").onExit(OnExit.RESTART).running();
        Probe holder = node.probe("holder").running();
        Capability pass = issuer.issues("\"pass\"");
        t.ask(issuer, script(send(holder).capability(pass).body(script(saveCapabilities(pass), send(t).body("saved"))), report()));
        t.mail("saved");

        t.tell(issuer, script(trap()));
        assertEquals(List.of("init"), t.journal(issuer).entries().stream().map(Entry::verb).limit(1).toList());
        assertEquals(1, node.status(issuer).orElseThrow().restarts());
        assertEquals(Optional.of(true), node.holds(holder.id(), pass));

        node.kill(issuer);
        assertEquals(Optional.of(false), node.holds(holder.id(), pass));
        assertFalse(t.ask(holder, script(ourCapabilities(), report())).only("caps").capabilities().contains(pass));
    }

    @Test
    @DisplayName("K68 To save a capability that was never received grants nothing")
    void k68_whatWasNotReceivedCannotBeSaved() {
        Probe p = node.probe("p").running();

        Journal journal = t.ask(p, script(saveCapabilities(COMMANDS), ourCapabilities(),
                send(TestNode.kernelAddress()).expecting(30).body("{\"Debug\":\"ProcessMap\"}").context(script(report()))));

        assertEquals(List.of(p.messaging()), journal.only("caps").capabilities());
        assertEquals("timeout", journal.only("error").text("kind"));
        assertEquals(Optional.of(false), node.holds(p.id(), COMMANDS));
    }

    @Test
    @DisplayName("K69 A process named kernel in another package receives kernel commands as ordinary messages")
    void k69_onlyTheKernelTakesCommands() {
        Probe namesake = node.probe(ProcessId.parse("kernel:cases:tester.os")).running();
        Probe bystander = node.probe("bystander").running();
        String command = new String(new KernelCommand.KillProcess(bystander.id()).encode(), StandardCharsets.UTF_8);
        Probe p = node.probe("p").running();

        t.ask(p, script(send(namesake).body(command), report()));

        assertEquals(List.of(command), t.journal(namesake).plainBodies());
        assertTrue(t.journal(bystander).has("init"));
    }

    @Test
    @DisplayName("K71 To grant a capability to a process that does not exist is silently without effect")
    void k71_aGrantToNobodyIsSilent() {
        Probe granter = node.probe("granter").holding(COMMANDS).running();
        Probe late = new Probe(node.nobody());
        String grant = new String(new KernelCommand.GrantCapabilities(late.id(), List.of(granter.issues("\"pass\""))).encode(),
                StandardCharsets.UTF_8);

        t.ask(granter, script(send(TestNode.kernelAddress()).body(grant),
                send(TestNode.kernelAddress()).expecting(30).body("{\"Debug\":\"ProcessMap\"}").context(script(note("answered"), report()))));

        assertFalse(t.journal(granter).has("error"));
        assertEquals(List.of(), node.printouts().of(granter, 0));
        assertEquals(List.of(), node.printouts().of(late, 0));
        node.probe(late.id()).running();
        assertEquals(Optional.of(false), node.holds(late.id(), granter.issues("\"pass\"")));
    }
}
