package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel's tables show and what is on disk is the same, whatever fails and whoever hurries. */
@Timeout(60)
class RecordsTest {
    private final MemoryStore store = new MemoryStore();
    private final ScriptedRuntime runtime = new ScriptedRuntime();

    @Test
    void aProcessThatIsReplacedByOneThatDoesNotRestartStaysAwayAfterTheNodeStartsAgain() throws Exception {
        ProcessId id;
        try (TestNode before = new TestNode(store, runtime)) {
            id = before.guest("changing", OnExit.RESTART, Scripts.ECHO);
            before.node.guests().replace(before.definition(id, OnExit.NONE, true),
                    runtime.script("changing", Scripts.ECHO), List.of());
        }
        try (TestNode after = TestNode.booted(store, runtime)) {
            assertTrue(after.node.slots().guest(id).isEmpty());
        }
    }

    @Test
    void whatAProcessIssuedBeforeItBecameOneThatRestartsIsKept() {
        Capability issued;
        ProcessId holder;
        try (TestNode before = new TestNode(store, runtime)) {
            holder = before.guest("holder", OnExit.RESTART, Scripts.ECHO);
            ProcessId issuer = before.guest("issuer", OnExit.NONE, Scripts.ECHO);
            issued = give(before, holder, issuer);
            before.node.guests().setOnExit(before.node.slots().guest(issuer).orElseThrow(), OnExit.RESTART);
        }
        try (TestNode after = TestNode.booted(store, runtime)) {
            assertTrue(after.node.capabilities().holds(holder, issued));
        }
    }

    @Test
    void whatAProcessIssuedBeforeItBecameOneThatDoesNotRestartIsGoneWithIt() throws Exception {
        Capability issued;
        ProcessId holder;
        try (TestNode before = new TestNode(store, runtime)) {
            holder = before.guest("holder", OnExit.RESTART, Scripts.ECHO);
            ProcessId issuer = before.guest("issuer", OnExit.RESTART, Scripts.ECHO);
            issued = give(before, holder, issuer);
            before.node.guests().setOnExit(before.node.slots().guest(issuer).orElseThrow(), OnExit.NONE);
            assertTrue(before.node.capabilities().holds(holder, issued), "as long as its issuer is there");
            before.node.guests().kill(issuer);
            assertFalse(before.node.capabilities().holds(holder, issued));
        }
        try (TestNode after = TestNode.booted(store, runtime)) {
            assertFalse(after.node.capabilities().holds(holder, issued));
        }
    }

    @Test
    void aProcessThatCouldNotBeStartedAndIsKilledLeavesNothingToItsSuccessor() throws Exception {
        ProcessId lost;
        ProcessId holder;
        Capability held;
        Capability issued;
        try (TestNode before = new TestNode(store, runtime)) {
            lost = before.guest("lost", OnExit.RESTART, Scripts.ECHO);
            holder = before.guest("holder", OnExit.RESTART, Scripts.ECHO);
            held = give(before, lost, holder);
            issued = give(before, holder, lost);
        }
        runtime.forget("lost");
        try (TestNode between = TestNode.booted(store, runtime)) {
            assertTrue(between.node.slots().guest(lost).isEmpty(), "it could not be started");
            assertTrue(between.node.guests().kill(lost));
            assertFalse(between.node.capabilities().holds(holder, issued));
            between.guest("lost", OnExit.RESTART, Scripts.ECHO);
            assertFalse(between.node.capabilities().holds(lost, held));
        }
        try (TestNode after = TestNode.booted(store, runtime)) {
            assertFalse(after.node.capabilities().holds(lost, held));
            assertFalse(after.node.capabilities().holds(holder, issued));
        }
    }

    @Test
    void whatCouldNotBeWrittenDownHasNotHappened() {
        try (TestNode node = new TestNode(store, runtime)) {
            ProcessId holder = node.guest("holder", OnExit.RESTART, Scripts.ECHO);
            ProcessId issuer = node.guest("issuer", OnExit.RESTART, Scripts.ECHO);
            Capability old = give(node, holder, issuer);
            Capability fresh = new Capability(node.address(issuer), "\"fresh\"");
            store.failFromNowOn(true);
            assertThrows(StoreException.class, () -> node.node.grants().give(holder,
                    List.of(SignedCapability.unsigned(fresh))));
            assertThrows(StoreException.class, () -> node.node.grants().take(holder, List.of(old)));
            GuestSlot slot = node.node.slots().guest(holder).orElseThrow();
            assertThrows(StoreException.class, () -> node.node.guests().setOnExit(slot, OnExit.NONE));
            assertFalse(node.node.capabilities().holds(holder, fresh));
            assertTrue(node.node.capabilities().holds(holder, old));
            assertEquals(OnExit.RESTART, slot.entry().onExit());
        }
    }

    @Test
    void aGiftAndItsWithdrawalReachTheDiskInTheOrderInWhichTheyHappened() throws Exception {
        ProcessId holder;
        Capability capability;
        try (TestNode node = new TestNode(store, runtime)) {
            holder = node.guest("holder", OnExit.RESTART, Scripts.ECHO);
            capability = new Capability(node.address(node.guest("issuer", OnExit.RESTART, Scripts.ECHO)), "\"x\"");
            ProcessId target = holder;
            Capability gift = capability;
            firstCommitIsOvertaken();
            CompletableFuture<Void> given = CompletableFuture.runAsync(() -> node.node.grants().give(target,
                    List.of(SignedCapability.unsigned(gift))));
            TestNode.await("it is held", () -> node.node.capabilities().holds(target, gift));
            node.node.grants().take(target, List.of(gift));
            given.get(5, TimeUnit.SECONDS);
            assertFalse(node.node.capabilities().holds(holder, capability));
        }
        try (TestNode after = TestNode.booted(store, runtime)) {
            assertFalse(after.node.capabilities().holds(holder, capability));
        }
    }

    @Test
    void aProcessThatIsKilledWhileItIsChangedStaysDead() throws Exception {
        ProcessId id;
        try (TestNode node = new TestNode(store, runtime)) {
            id = node.guest("doomed", OnExit.RESTART, Scripts.ECHO);
            GuestSlot slot = node.node.slots().guest(id).orElseThrow();
            OnExit farewell = new OnExit.Requests(List.of(new OnExit.Parting(node.address(TestNode.TESTER),
                    Request.of("farewell"), Optional.empty())));
            firstCommitIsOvertaken();
            CompletableFuture<Void> changed = CompletableFuture.runAsync(
                    () -> node.node.guests().setOnExit(slot, farewell));
            TestNode.await("it is changed", () -> slot.entry().onExit().equals(farewell));
            node.node.guests().kill(id);
            changed.get(5, TimeUnit.SECONDS);
        }
        try (TestNode after = TestNode.booted(store, runtime)) {
            assertTrue(after.node.slots().guest(id).isEmpty());
        }
    }

    @Test
    void aCapabilityWhoseIssuerIsNoMoreCannotBeSavedAnyMore() throws Exception {
        try (TestNode node = new TestNode(store, runtime)) {
            ProcessId keeper = node.guest("keeper", OnExit.NONE, keeper());
            ProcessId issuer = node.guest("issuer", OnExit.NONE, Scripts.serving((host, body) -> host.send(
                    new GuestHost.Outgoing(node.address(keeper), Request.of("take this").withCapabilities(List.of(
                            SignedCapability.unsigned(new Capability(host.our(), "\"x\"")))), Optional.empty(),
                            Optional.empty()))));
            node.tell(issuer, "go");
            TestNode.await("it has received it", () -> node.node.slots().get(keeper).received().sum() == 1);
            node.node.guests().kill(issuer);
            node.ask(keeper, "save", 5);
            assertFalse(node.node.capabilities().holds(keeper, new Capability(node.address(issuer), "\"x\"")));
        }
    }

    /** Receives a capability with its first message and saves it with its second. */
    private static ScriptedRuntime.Script keeper() {
        return host -> {
            var first = (Delivery.Received) host.receive();
            host.receive();
            host.saveCapabilities(first.message().capabilities().stream().map(SignedCapability::capability).toList());
            Scripts.respond(host, "saved");
            host.receive();
        };
    }

    private static Capability give(TestNode node, ProcessId holder, ProcessId issuer) {
        Capability capability = new Capability(node.address(issuer), "{\"may\":\"come in\"}");
        node.node.grants().give(holder, List.of(SignedCapability.unsigned(capability)));
        return capability;
    }

    /** Lets the second commit pass the first, if it comes within half a second. */
    private void firstCommitIsOvertaken() {
        CountDownLatch commits = new CountDownLatch(2);
        store.beforeCommit(() -> {
            boolean first = commits.getCount() == 2;
            commits.countDown();
            if (first) {
                try {
                    commits.await(500, TimeUnit.MILLISECONDS);
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
    }
}
