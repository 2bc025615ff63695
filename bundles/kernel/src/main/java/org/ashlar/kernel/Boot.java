package org.ashlar.kernel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.codec.KernelCommand.Definition;

/** Brings back the processes that were there when the node last ran. */
final class Boot {
    private final Node node;
    /** Kept on disk, and not started. */
    private final Set<ProcessId> lost = ConcurrentHashMap.newKeySet();
    private volatile boolean expected;

    Boot(Node node) {
        this.node = node;
    }

    void expect() {
        expected = true;
    }

    /** @throws CommandRefused while what is on disk has not been brought back: a command would miss it */
    void checkDone() throws CommandRefused {
        if (expected) {
            throw new CommandRefused("the node has not brought back its processes yet; try again in a moment");
        }
    }

    boolean isLost(ProcessId id) {
        return lost.contains(id);
    }

    void run() {
        Map<ProcessId, Definition> kept = node.ledger().processes((key, reason) -> node.warn(
                "the process table has an entry " + key + " that cannot be read and is left alone: " + reason));
        node.ledger().capabilities((holder, capability) -> {
            // Those of a holder that is not kept would fall to whoever gets its name.
            if (kept.containsKey(holder)) {
                bringBack(holder, capability);
            }
        }, (key, reason) -> node.warn("the capability table has an entry " + key
                + " that cannot be read and is left alone: " + reason));
        Map<ProcessId, String> engines = node.ledger().engines((key, reason) -> node.warn(
                "the entry " + key + " in the table of chosen engines cannot be read and is left alone: " + reason));
        Queue<GuestSlot> ready = new ConcurrentLinkedQueue<>();
        lost.addAll(kept.keySet());
        try (ExecutorService loaders = Executors.newVirtualThreadPerTaskExecutor()) {
            kept.values().forEach(definition -> loaders.execute(() -> bring(definition,
                    Optional.ofNullable(engines.get(definition.id())), ready)));
        }
        expected = false;
        ready.forEach(node.guests()::start);
    }

    private void bringBack(ProcessId holder, SignedCapability capability) {
        try {
            node.capabilities().add(holder, List.of(capability));
        } catch (LimitReached e) {
            node.warn("a capability that is kept on disk is not in force: " + e.getMessage());
        }
    }

    private void bring(Definition definition, Optional<String> engine, Queue<GuestSlot> ready) {
        ProcessId id = definition.id();
        try {
            byte[] component = node.workshop().read(definition.wasmBytesHandle()).orElseThrow(() -> new CommandRefused(
                    id + " was not started: its component " + definition.wasmBytesHandle() + " cannot be read;"
                            + " install its package again, or kill it"));
            GuestSlot slot = node.guests().make(definition, component, engine);
            if (!node.slots().add(slot)) {
                throw new CommandRefused(id + " was not started: there is a system process of that name");
            }
            lost.remove(id);
            ready.add(slot);
        } catch (CommandRefused e) {
            node.warn(e.getMessage());
        } catch (RuntimeException | Error e) {
            node.report(id + " was not started", e);
        }
    }
}
