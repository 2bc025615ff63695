package org.ashlar.conformance;

import static org.ashlar.conformance.Command.await;
import static org.ashlar.conformance.Command.exit;
import static org.ashlar.conformance.Command.getState;
import static org.ashlar.conformance.Command.note;
import static org.ashlar.conformance.Command.queue;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Command.setOnExit;
import static org.ashlar.conformance.Command.setState;
import static org.ashlar.conformance.Command.trap;
import static org.ashlar.conformance.Patience.atOnce;
import static org.ashlar.conformance.Patience.taken;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelResponse;
import org.ashlar.codec.ProcessEntry;
import org.ashlar.conformance.Journal.Entry;
import org.ashlar.conformance.document.Remark;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How processes come to be and end (reference-kernel 4). */
class LifeCycleIT extends OnOneNode {
    private static Definition definition(ProcessId id, OnExit onExit) {
        return new Definition(id, "", Optional.empty(), onExit, List.of(), true);
    }

    @Test
    @DisplayName("K46 A process without a component, or with a name outside the grammar, is refused")
    void k46_aProcessNeedsAComponentAndAProperName() {
        KernelCommand proper = new KernelCommand.InitializeProcess(definition(node.nobody().process(), OnExit.NONE));
        assertEquals(new KernelResponse.InitializeProcessError(), node.command(proper));

        String json = new String(new KernelCommand.InitializeProcess(definition(ProcessId.parse("name:cases:tester.os"), OnExit.NONE))
                .encode(), StandardCharsets.UTF_8);
        for (String improper : List.of("Name:cases:tester.os", "na_me:cases:tester.os", "na.me:cases:tester.os",
                "name:Cases:tester.os", "name:ca_ses:tester.os", "name:ca.ses:tester.os")) {
            assertEquals(new KernelResponse.InitializeProcessError(), node.command(json.replace("name:cases:tester.os", improper),
                    Optional.of(ProbeComponent.PLAIN.bytes())), improper);
        }
    }

    @Test
    @DisplayName("K47 A name that is taken is refused, and its process goes on undisturbed")
    void k47_aTakenNameIsRefused() {
        Probe p = node.probe("p").running();
        t.ask(p, script(note("before"), report().flag("keep")));

        assertEquals(new KernelResponse.InitializeProcessError(), node.command(
                new KernelCommand.InitializeProcess(definition(p.id(), OnExit.RESTART)), ProbeComponent.PLAIN.bytes()));

        Journal journal = t.journal(p);
        assertEquals("before", journal.only("note").text("text"));
        assertEquals(List.of(), journal.plainBodies());
        assertEquals(OnExit.NONE, node.entry(p.id()).orElseThrow().onExit());
    }

    @Test
    @DisplayName("K48 A process that is not run yet executes nothing, and receives what was sent to it once it runs")
    void k48_mailWaitsForTheFirstRun() {
        Probe witness = node.probe("witness").running();
        Probe p = node.probe("p").startingWith(script(send(witness).body("started"))).initialized();
        t.tell(p, "early");
        Pending report = t.begin(p, script(report()));
        assertEquals(ProcessStatus.State.INITIALIZED, node.status(p).orElseThrow().state());
        assertEquals(List.of(), t.journal(witness).plainBodies());

        NewProbe.run(node, p);

        assertEquals(List.of("early"), report.journal().plainBodies());
        assertEquals(List.of("started"), t.journal(witness).plainBodies());
    }

    @Test
    @DisplayName("K49 To run a process that does not exist is an error")
    void k49_nobodyCannotBeRun() {
        assertEquals(new KernelResponse.RunProcessError(), node.command(new KernelCommand.RunProcess(node.nobody().process())));
    }

    @Test
    @DisplayName("K50 A killed process is gone at once and for good: its on-exit does not happen")
    void k50_aKilledProcessIsGone() {
        Probe p = node.probe("p").running();
        Probe witness = node.probe("witness").running();
        for (OnExit onExit : List.of(saying("bye", witness), OnExit.RESTART)) {
            Probe victim = node.probe("victim").onExit(onExit).running();
            assertEquals(new KernelResponse.KilledProcess(victim.id()), node.kill(victim));

            atOnce(() -> assertEquals("timeout", t.ask(p,
                    script(send(victim).expecting(30).context(script(report())))).only("error").text("kind")));
            assertEquals(Optional.empty(), node.entry(victim.id()));
        }
        assertEquals(List.of(), t.journal(witness).plainBodies());
    }

    private static OnExit saying(String body, Probe to) {
        return new OnExit.Requests(List.of(new OnExit.Parting(to.address(), Request.of(body), Optional.empty())));
    }

    @Test
    @DisplayName("K51 To kill a process that does not exist is not answered")
    void k51_toKillNobodyIsNotAnswered() {
        notAnswered(new KernelCommand.KillProcess(node.nobody().process()).encode());
    }

    @Test
    @DisplayName("K52 What is no command is not answered and leaves one line; a process without the kernel's messaging "
            + "capability gets a Timeout at once")
    void k52_theKernelAnswersCommandsOfThoseWhoMayGiveThem() {
        notAnswered("{\"MakeTea\":\"k52\"}".getBytes(StandardCharsets.UTF_8));
        List<Printout> lines = node.printouts().where(line -> line.text().contains("k52") || line.text().contains("MakeTea"));
        assertEquals(1, lines.size(), lines::toString);

        Probe p = node.probe("p").running();
        atOnce(() -> assertEquals("timeout", t.ask(p, script(send(TestNode.kernelAddress()).expecting(30)
                .body("{\"Debug\":\"ProcessMap\"}").context(script(report())))).only("error").text("kind")));
    }

    private static void notAnswered(byte[] command) {
        Duration waited = taken(() -> assertEquals(SendError.Kind.TIMEOUT, node.ask(command, Optional.empty(), 1).error().kind()));
        assertTrue(waited.compareTo(Duration.ofSeconds(1)) >= 0, waited::toString);
    }

    @Test
    @DisplayName("K53 A process that traps and restarts keeps its name, publicity, capabilities, state and the mail it had not "
            + "received; the Request it had received ends in one send error and is never delivered again")
    void k53_aRestartLosesNothingButWhatWasBeingHandled() {
        Probe issuer = node.probe("issuer").running();
        Probe p = node.probe("p").onExit(OnExit.RESTART).holding(issuer.issues("\"pass\"")).running();
        Probe holder = node.probe("holder").holding(p.issues("\"of p\"")).running();
        Probe a = node.probe("a").running();
        t.ask(p, script(setState("kept"), report()));
        ProcessEntry before = node.entry(p.id()).orElseThrow();

        Pending fatal = t.begin(a, script(send(p).expecting(30).context(script(report()))
                .body(script(await(t).expecting(30).body("hold"), trap()))));
        Tester.Mail held = t.mail("hold");
        t.tell(p, "m1");
        t.tell(p, "m2");
        held.respond("go on");

        assertEquals("timeout", fatal.journal().only("error").text("kind"));
        Journal journal = t.ask(p, script(getState(), report()));
        assertEquals(List.of("init", "request", "request", "request", "state"), journal.entries().stream().map(Entry::verb).toList());
        assertEquals(List.of("m1", "m2"), journal.plainBodies());
        assertEquals("kept", journal.only("state").text("value"));
        assertEquals(before, sorted(node.entry(p.id()).orElseThrow(), before));
        assertEquals(Optional.of(true), node.holds(holder.id(), p.issues("\"of p\"")));
        assertFalse(t.journal(a).has("error"));
    }

    /** The entry with its capabilities in the order of another, if they are the same set. */
    private static ProcessEntry sorted(ProcessEntry entry, ProcessEntry like) {
        List<Capability> capabilities = Set.copyOf(entry.capabilities()).equals(Set.copyOf(like.capabilities()))
                ? like.capabilities() : entry.capabilities();
        return new ProcessEntry(entry.wasmBytesHandle(), entry.witVersion(), entry.onExit(), capabilities, entry.isPublic());
    }

    @Test
    @Remark("the waits from 8 s up to the longest, 600 s, and the run that is long enough to start over are tested on the rule"
            + " alone, by the kernel's `BackoffTest`: to wait for them would take half an hour.")
    @DisplayName("K54 A process that fails again and again waits 2, then 4 seconds, and so on, before it is started again")
    void k54_failingAgainWaitsLonger() {
        Probe p = node.probe("p").onExit(OnExit.RESTART).startingWith(script(trap())).running();

        List<Printout> ends = node.printouts().lines(p, 0, "ended with error", 3);
        node.kill(p);

        for (int run = 1; run < 3; run++) {
            Duration wait = Duration.between(ends.get(run - 1).time(), ends.get(run).time());
            Duration least = Duration.ofSeconds(1L << run);
            assertTrue(wait.compareTo(least.minusMillis(100)) >= 0 && wait.compareTo(least.multipliedBy(2)) < 0, wait::toString);
        }
    }

    @Test
    @DisplayName("K55 The Requests that a process leaves behind come from it, expect no answer, and reach those it may message")
    void k55_partingRequestsAreSent() {
        Probe forbidden = node.probe("forbidden").closed().running();
        Request bye = new Request(false, OptionalLong.of(5), "bye".getBytes(StandardCharsets.UTF_8), Optional.empty(), List.of());
        Probe p = node.probe("p").onExit(new OnExit.Requests(List.of(new OnExit.Parting(forbidden.address(), bye, Optional.empty()),
                new OnExit.Parting(t.address(), bye, Optional.empty())))).running();

        t.tell(p, script(exit()));

        Tester.Mail mail = t.mail("bye");
        assertEquals(p.address(), mail.source());
        assertFalse(mail.reply().expected());
        assertEquals(List.of(), t.journal(forbidden).plainBodies());
        node.awaitEnd(p);
    }

    @Test
    @DisplayName("K56 What a process sets as its on-exit while it runs counts, whatever it was made with")
    void k56_theOnExitSetLastCounts() {
        Probe leaving = node.probe("leaving").running();
        t.tell(leaving, script(queue(t).body("bye"), setOnExit("requests"), exit()));
        t.mail("bye");
        node.awaitEnd(leaving);

        Probe witness = node.probe("witness").running();
        Probe silent = node.probe("silent").onExit(saying("never", witness)).running();
        t.tell(silent, script(setOnExit("none"), exit()));
        node.awaitEnd(silent);
        assertEquals(List.of(), t.journal(witness).plainBodies());

        Probe returning = node.probe("returning").running();
        t.tell(returning, script(setOnExit("restart"), note("first run"), trap()));
        assertFalse(t.journal(returning).has("note"));
    }

    @Test
    @DisplayName("K62 The process map lists system processes without a component; a question about the capability of "
            + "a process that does not exist is answered with nothing")
    void k62_theProcessMapListsEverything() {
        Probe p = node.probe("p").running();

        Map<ProcessId, ProcessEntry> map = ((KernelResponse.ProcessMap) node.command(new KernelCommand.DebugProcessMap())).processes();
        Set<ProcessId> withoutComponent = map.entrySet().stream().filter(each -> each.getValue().wasmBytesHandle().isEmpty())
                .map(Map.Entry::getKey).collect(Collectors.toSet());

        assertTrue(map.containsKey(p.id()) && !withoutComponent.contains(p.id()));
        for (String module : List.of("kernel", "state", "timer", "vfs")) {
            assertTrue(withoutComponent.contains(ProcessId.parse(module + ":distro:sys")), module);
        }
        assertEquals(Optional.of(true), node.holds(p.id(), p.messaging()));
        assertEquals(Optional.empty(), node.holds(node.nobody().process(), p.messaging()));
    }
}
