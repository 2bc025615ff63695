package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.store.FileStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel brings back when it starts on a store that another one wrote. */
@Timeout(60)
class PersistenceTest {
    private final MemoryStore store = new MemoryStore();
    private final ScriptedRuntime runtime = new ScriptedRuntime();

    @Test
    void processesThatRestartComeBackAndThoseThatDoNotStayAway() throws Exception {
        ProcessId kept;
        ProcessId transientOne;
        try (TestNode before = new TestNode(store, runtime)) {
            kept = before.guest("kept", OnExit.RESTART, Scripts.ECHO);
            transientOne = before.guest("passing", OnExit.NONE, Scripts.ECHO);
            before.node.grants().give(kept, List.of(SignedCapability.unsigned(
                    Capability.messaging(before.address(TestNode.TESTER)))));
        }
        try (TestNode after = booted()) {
            assertEquals("hello again", text(after.ask(kept, "hello again", 5)));
            assertTrue(after.node.slots().guest(transientOne).isEmpty());
            assertTrue(after.node.capabilities().holds(kept, Capability.messaging(after.address(TestNode.TESTER))));
        }
    }

    @Test
    void aKilledProcessStaysAwayAndWhatItIssuedIsRevokedForGood() throws Exception {
        ProcessId issuer;
        ProcessId holder;
        Capability issued;
        try (TestNode before = new TestNode(store, runtime)) {
            issuer = before.guest("issuer", OnExit.RESTART, Scripts.ECHO);
            holder = before.guest("holder", OnExit.RESTART, Scripts.ECHO);
            issued = new Capability(before.address(issuer), "{\"may\":\"come in\"}");
            before.node.grants().give(holder, List.of(SignedCapability.unsigned(issued)));
        }
        try (TestNode between = booted()) {
            assertTrue(between.node.capabilities().holds(holder, issued), "it outlives a restart of the node");
            assertTrue(between.node.guests().kill(issuer));
            assertFalse(between.node.capabilities().holds(holder, issued));
        }
        try (TestNode after = booted()) {
            assertTrue(after.node.slots().guest(issuer).isEmpty());
            assertFalse(after.node.capabilities().holds(holder, issued));
        }
    }

    @Test
    void aProcessWhoseComponentIsMissingIsReportedKeptAndCanBeForgotten() throws Exception {
        ProcessId lost;
        try (TestNode before = new TestNode(store, runtime)) {
            lost = before.guest("lost", OnExit.RESTART, Scripts.ECHO);
        }
        try (TestNode after = new TestNode(store, runtime)) {
            after.files.add(new ScriptedFiles(false), 0);
            after.node.guests().boot();
            assertTrue(after.prints.stream().anyMatch(p -> p.verbosity() == 0 && p.text().contains(lost.toString())
                    && p.text().contains("cannot be read")));
            assertTrue(after.node.ledger().has(lost));
            assertTrue(after.node.guests().kill(lost));
            assertFalse(after.node.ledger().has(lost));
        }
    }

    @Test
    void aFileStoreThatFailsUnexpectedlyKeepsOneProcessFromStartingAndIsReported() {
        ProcessId lost;
        try (TestNode before = new TestNode(store, runtime)) {
            lost = before.guest("lost", OnExit.RESTART, Scripts.ECHO);
        }
        try (TestNode after = new TestNode(store, runtime)) {
            after.files.add((FileStore) Proxy.newProxyInstance(FileStore.class.getClassLoader(),
                    new Class<?>[] {FileStore.class}, (self, method, arguments) -> {
                        throw new IllegalStateException("closed already");
                    }), 0);
            after.node.guests().boot();
            assertTrue(after.prints.stream().anyMatch(p -> p.verbosity() == 0 && p.text().contains(lost.toString())
                    && p.text().contains("closed already")));
        }
    }

    @Test
    void beforeTheProcessesOfTheLastRunAreBackNoneIsMadeInTheirPlace() throws Exception {
        ProcessId kept;
        try (TestNode before = new TestNode(store, runtime)) {
            kept = before.guest("kept", OnExit.RESTART, Scripts.ECHO);
        }
        try (TestNode after = new TestNode(store, runtime)) {
            after.files.add(new ScriptedFiles(true), 0);
            after.node.guests().expectBoot();
            assertThrows(CommandRefused.class, () -> after.node.guests().initialize(
                    after.definition(kept, OnExit.NONE, false), runtime.script("kept", Scripts.SILENT), List.of()));
            assertThrows(CommandRefused.class, () -> after.node.guests().kill(kept));
            runtime.script("kept", Scripts.ECHO);
            after.node.guests().boot();
            assertEquals("hello again", text(after.ask(kept, "hello again", 5)));
            assertTrue(after.node.guests().kill(kept));
        }
    }

    @Test
    void aProcessIsNotMadeWhenItCannotBeWrittenDown() {
        try (TestNode node = new TestNode(store, runtime)) {
            store.failFromNowOn(true);
            ProcessId id = ProcessId.parse("new:test:sys");
            CommandRefused refused = assertThrows(CommandRefused.class, () -> node.node.guests().initialize(
                    node.definition(id, OnExit.RESTART, true), runtime.script("new", Scripts.ECHO), List.of()));
            assertTrue(refused.getMessage().contains("the disk is full"), refused.getMessage());
            assertTrue(node.node.slots().guest(id).isEmpty());
        }
    }

    @Test
    void theStateOfAProcessIsThereAfterTheNodeStartsAgain() throws Exception {
        ProcessId counter;
        ScriptedRuntime.Script count = Scripts.serving((host, body) -> {
            int next = host.state().map(s -> Integer.parseInt(text(s)) + 1).orElse(1);
            host.setState(Integer.toString(next).getBytes());
            Scripts.respond(host, Integer.toString(next));
        });
        try (TestNode before = new TestNode(store, runtime)) {
            counter = before.guest("counter", OnExit.RESTART, count);
            assertEquals("1", text(before.ask(counter, "count", 5)));
            assertEquals("2", text(before.ask(counter, "count", 5)));
        }
        try (TestNode after = booted()) {
            assertEquals("3", text(after.ask(counter, "count", 5)));
        }
    }

    @Test
    void aCapabilityThatWasNeverReceivedCannotBeSaved() throws Exception {
        try (TestNode node = new TestNode(store, runtime)) {
            Capability root = Capability.messaging(node.node.address());
            ProcessId greedy = node.guest("greedy", OnExit.NONE, Scripts.serving((GuestHost host, String body) -> {
                host.saveCapabilities(List.of(root));
                Scripts.respond(host, host.capabilities().contains(root) ? "got it" : "did not get it");
            }));
            assertEquals("did not get it", text(node.ask(greedy, "go", 5)));
        }
    }

    private TestNode booted() {
        return TestNode.booted(store, runtime);
    }
}
