package org.ashlar.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.ProcessStatus.State;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.kernel.Workshop.Loaded;

/**
 * The table of guests: makes, replaces and removes them, and keeps what must survive a restart on disk. What is
 * acknowledged is durable: every method that changes the table returns after the change is on disk.
 */
final class Guests {
    private final Node node;
    private final GuestRunner runner;
    private final ReentrantReadWriteLock table;

    Guests(Node node) {
        this.node = node;
        this.runner = new GuestRunner(node, this);
        this.table = node.tableLock();
    }

    /**
     * Makes a process that waits for {@link #run}.
     *
     * @param given what it holds from the start, beside messaging to itself
     */
    GuestSlot initialize(Definition definition, byte[] component, Collection<SignedCapability> given)
            throws CommandRefused {
        ProcessId id = definition.id();
        if (node.slots().get(id) != null) {
            throw new CommandRefused("there is already a process " + id);
        }
        Loaded loaded = load(id, component);
        GuestSlot slot = new GuestSlot(new Address(node.name(), id), definition, node.images().shared(component), loaded,
                node);
        table.readLock().lock();
        try {
            if (!node.slots().add(slot)) {
                throw new CommandRefused("there is already a process " + id);
            }
            List<SignedCapability> all = new ArrayList<>(given);
            all.add(SignedCapability.unsigned(Capability.messaging(slot.address())));
            node.capabilities().add(id, all);
            if (slot.isPersistent()) {
                node.ledger().commit(node.grants().entryAndAll(slot));
            }
            return slot;
        } catch (StoreException e) {
            node.slots().remove(slot);
            node.capabilities().forget(id);
            slot.close();
            throw new CommandRefused(id + " was not made: " + e.getMessage());
        } finally {
            table.readLock().unlock();
        }
    }

    private Loaded load(ProcessId id, byte[] component) throws CommandRefused {
        try {
            return node.workshop().load(component);
        } catch (GuestException e) {
            throw new CommandRefused(id + " cannot run: " + e.getMessage());
        }
    }

    /** Lets a process run; one that runs already goes on. */
    void run(ProcessId id) throws CommandRefused {
        GuestSlot slot = node.slots().guest(id).orElseThrow(() -> new CommandRefused("there is no process " + id));
        if (slot.state() == State.INITIALIZED) {
            runner.start(slot);
        }
    }

    /**
     * Puts a new component and definition in the place of what a process has. Mailbox, open Requests, state and
     * capabilities stay; {@code given} come beside. When the component cannot be loaded, or the change not be written, all
     * stays as it was.
     */
    void replace(Definition definition, byte[] component, Collection<SignedCapability> given) throws CommandRefused {
        ProcessId id = definition.id();
        GuestSlot slot = node.slots().guest(id).orElseThrow(() -> new CommandRefused("there is no process " + id));
        Loaded loaded = load(id, component);
        if (!slot.hold()) {
            throw new CommandRefused(id + " is being replaced already");
        }
        boolean ran = slot.state() != State.INITIALIZED;
        runner.giveWay(slot, "it is replaced");
        table.readLock().lock();
        try {
            if (slot.isClosed()) {
                throw new CommandRefused(id + " ended while it was being replaced");
            }
            Definition before = slot.entry();
            byte[] componentBefore = slot.component();
            Loaded loadedBefore = slot.loaded();
            slot.become(definition, node.images().shared(component), loaded);
            List<SignedCapability> added = node.capabilities().add(id, given);
            try {
                node.ledger().commit(node.grants().entryAndAll(slot));
            } catch (StoreException e) {
                slot.become(before, componentBefore, loadedBefore);
                node.capabilities().drop(id, added.stream().map(SignedCapability::capability).toList());
                throw new CommandRefused(id + " was not replaced: " + e.getMessage());
            }
        } finally {
            table.readLock().unlock();
            slot.letGo();
            if (ran) {
                runner.start(slot);
            }
        }
    }

    /**
     * Ends a process at once, whatever its on-exit says; one that could not be started at boot is forgotten.
     *
     * @return false when there is none
     */
    boolean kill(ProcessId id) {
        GuestSlot slot = node.slots().guest(id).orElse(null);
        if (slot != null) {
            remove(slot, "it was killed");
            return true;
        }
        boolean kept = node.slots().get(id) == null && node.ledger().has(id);
        if (kept) {
            node.ledger().commit(List.of(Ledger.remove(id)));
        }
        return kept;
    }

    /** Takes a process out of the table; its capabilities, and those it issued, are no more. */
    void remove(GuestSlot slot, String reason) {
        ProcessId id = slot.id();
        table.readLock().lock();
        try {
            if (!node.slots().remove(slot)) {
                return;
            }
            slot.close();
            GuestSession session = slot.session();
            if (session != null) {
                runner.end(slot, session, reason);
            }
            List<Change> changes = new ArrayList<>();
            changes.add(Ledger.remove(id));
            node.capabilities().forget(id).forEach(had -> changes.add(Ledger.remove(id, had.capability())));
            node.capabilities().revokeAll(id, (holder, revoked) -> {
                if (node.grants().isKept(holder, revoked.capability())) {
                    changes.add(Ledger.remove(holder, revoked.capability()));
                }
            });
            if (slot.isPersistent()) {
                node.ledger().commit(changes);
            }
        } finally {
            table.readLock().unlock();
        }
    }

    void setOnExit(GuestSlot slot, OnExit onExit) {
        table.readLock().lock();
        try {
            boolean was = slot.isPersistent();
            slot.setOnExit(onExit);
            if (slot.isPersistent()) {
                node.ledger().commit(was ? List.of(Ledger.put(slot.entry())) : node.grants().entryAndAll(slot));
            } else if (was) {
                List<Change> changes = new ArrayList<>(List.of(Ledger.remove(slot.id())));
                node.capabilities().of(slot.id()).forEach(c -> changes.add(Ledger.remove(slot.id(), c.capability())));
                node.ledger().commit(changes);
            }
        } finally {
            table.readLock().unlock();
        }
    }

    /** Brings back what was there when the node last ran. */
    void boot() {
        Map<ProcessId, Definition> kept = node.ledger().processes((key, reason) -> node.warn(
                "the process table has an entry " + key + " that cannot be read and is left alone: " + reason));
        node.ledger().capabilities((holder, capability) -> node.capabilities().add(holder, List.of(capability)),
                (key, reason) -> node.warn("the capability table has an entry " + key
                        + " that cannot be read and is left alone: " + reason));
        Queue<GuestSlot> ready = new ConcurrentLinkedQueue<>();
        try (ExecutorService loaders = Executors.newVirtualThreadPerTaskExecutor()) {
            kept.values().forEach(definition -> loaders.execute(() -> bring(definition, ready)));
        }
        ready.forEach(runner::start);
    }

    private void bring(Definition definition, Queue<GuestSlot> ready) {
        ProcessId id = definition.id();
        try {
            byte[] component = node.workshop().read(definition.wasmBytesHandle()).orElseThrow(() -> new CommandRefused(
                    id + " was not started: its component " + definition.wasmBytesHandle() + " cannot be read;"
                            + " install its package again, or kill it"));
            GuestSlot slot = new GuestSlot(new Address(node.name(), id), definition, node.images().shared(component),
                    load(id, component), node);
            if (node.slots().add(slot)) {
                ready.add(slot);
            }
        } catch (CommandRefused e) {
            node.warn(e.getMessage());
        } catch (RuntimeException | Error e) {
            node.report(id + " was not started", e);
        }
    }

    /**
     * Unwinds the guests that {@code affected} names, at most within the drain bound, and starts them again on what runs
     * guests now. Those that end for good with their run (on-exit None) are left to finish within that bound.
     */
    void roll(Predicate<GuestSlot> affected) {
        Map<GuestSlot, GuestSession> rolling = new LinkedHashMap<>();
        for (GuestSlot guest : all()) {
            if (affected.test(guest)) {
                Optional.ofNullable(guest.session()).ifPresent(session -> rolling.put(guest, session));
            }
        }
        rolling.keySet().stream().filter(GuestSlot::isPersistent).forEach(GuestSlot::drain);
        endAll(rolling, Providers.DRAIN, "what it ran on was removed");
    }

    /** Ends all runs, leaving everything as it is for the next boot. */
    void stopAll(Duration patience) {
        Map<GuestSlot, GuestSession> running = new LinkedHashMap<>();
        for (GuestSlot guest : all()) {
            guest.hold();
            guest.drain().ifPresent(session -> running.put(guest, session));
        }
        endAll(running, patience, "the node stops");
    }

    private void endAll(Map<GuestSlot, GuestSession> running, Duration patience, String reason) {
        long deadline = node.clock().nanos() + patience.toNanos();
        running.forEach((guest, session) -> runner.endBy(guest, session, deadline, reason));
    }

    private List<GuestSlot> all() {
        return node.slots().all().stream().filter(GuestSlot.class::isInstance).map(GuestSlot.class::cast).toList();
    }

    /** Starts those that nothing ran, now that something can. */
    void revive() {
        all().stream().filter(guest -> guest.state() == State.EMPTY).forEach(runner::start);
    }

    void start(GuestSlot slot) {
        runner.start(slot);
    }
}
