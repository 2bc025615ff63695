package org.ashlar.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Boot boot;
    private final Migration migration;

    Guests(Node node) {
        this.node = node;
        this.runner = new GuestRunner(node, this);
        this.boot = new Boot(node);
        this.migration = new Migration(node);
    }

    /**
     * Makes a process that waits for {@link #run}.
     *
     * @param given what it holds from the start, beside messaging to itself
     */
    GuestSlot initialize(Definition definition, byte[] component, Collection<SignedCapability> given)
            throws CommandRefused {
        ProcessId id = definition.id();
        boot.checkDone();
        if (node.slots().get(id) != null) {
            throw CommandRefused.taken(id);
        }
        checkSize(definition);
        GuestSlot slot = make(definition, component, Optional.empty());
        try {
            node.journal().apply(() -> added(slot, given), () -> {
                node.slots().remove(slot);
                node.capabilities().forget(id);
            });
            return slot;
        } catch (StoreException | LimitReached e) {
            slot.close();
            throw new CommandRefused(id + " was not made: " + e.getMessage());
        }
    }

    private static void checkSize(Definition definition) throws CommandRefused {
        try {
            Ledger.check(definition, definition.onExit());
        } catch (LimitReached e) {
            throw new CommandRefused(e.getMessage());
        }
    }

    /** A slot that is in no table yet. */
    GuestSlot make(Definition definition, byte[] component, Optional<String> engine) throws CommandRefused {
        byte[] image = node.images().shared(component);
        GuestSlot slot = new GuestSlot(new Address(node.name(), definition.id()), definition, image,
                load(definition.id(), image, engine), node);
        slot.setEngine(engine);
        return slot;
    }

    private List<Change> added(GuestSlot slot, Collection<SignedCapability> given) throws CommandRefused {
        ProcessId id = slot.id();
        if (node.slots().isFull()) {
            throw new CommandRefused(id + " was not made: this node has " + Slots.MAX
                    + " processes, the most it takes; end some first");
        }
        if (!node.slots().add(slot)) {
            throw CommandRefused.taken(id);
        }
        node.failures().made(id);
        boolean hasTraces = !slot.isPersistent() && (boot.isLost(id) || node.grants().isIssuerOnDisk(id));
        List<SignedCapability> all = new ArrayList<>(given);
        all.add(SignedCapability.unsigned(Capability.messaging(slot.address())));
        try {
            node.capabilities().add(id, all);
        } catch (LimitReached e) {
            node.slots().remove(slot);
            throw e;
        }
        return node.grants().redefined(slot, hasTraces, List.of());
    }

    private Loaded load(ProcessId id, byte[] component, Optional<String> engine) throws CommandRefused {
        try {
            return node.workshop().load(component, engine, Providers.GRACE);
        } catch (GuestException e) {
            throw new CommandRefused(id + " cannot run: " + e.getMessage());
        }
    }

    /** Lets a process run; one that runs already goes on. */
    void run(ProcessId id) throws CommandRefused {
        GuestSlot slot = node.slots().guest(id).orElseThrow(() -> CommandRefused.unknown(id));
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
        GuestSlot slot = node.slots().guest(id).orElseThrow(() -> CommandRefused.unknown(id));
        checkSize(definition);
        byte[] image = node.images().shared(component);
        Loaded loaded = load(id, image, slot.engine());
        if (!slot.hold()) {
            throw new CommandRefused(id + " is being replaced already");
        }
        boolean ran = slot.state() != State.INITIALIZED;
        runner.giveWay(slot, "it is replaced");
        try {
            exchange(slot, definition, image, loaded, given);
        } catch (StoreException | LimitReached e) {
            throw new CommandRefused(id + " was not replaced: " + e.getMessage());
        } finally {
            if (slot.letGo() || ran) {
                runner.start(slot);
            }
        }
    }

    private void exchange(GuestSlot slot, Definition definition, byte[] image, Loaded loaded,
                          Collection<SignedCapability> given) throws CommandRefused {
        Definition before = slot.entry();
        byte[] componentBefore = slot.component();
        Loaded loadedBefore = slot.loaded();
        List<SignedCapability> added = new ArrayList<>();
        node.journal().apply(() -> {
            if (slot.isClosed()) {
                throw new CommandRefused(slot.id() + " ended while it was being replaced");
            }
            boolean was = slot.isPersistent();
            added.addAll(node.capabilities().add(slot.id(), given));
            slot.become(definition, image, loaded);
            node.failures().made(slot.id());
            return node.grants().redefined(slot, was, added);
        }, () -> {
            slot.become(before, componentBefore, loadedBefore);
            node.capabilities().drop(slot.id(), added.stream().map(SignedCapability::capability).toList());
        });
    }

    /**
     * Ends a process at once, whatever its on-exit says; one that could not be started at boot is forgotten.
     *
     * @return false when there is none
     */
    boolean kill(ProcessId id) throws CommandRefused {
        boot.checkDone();
        GuestSlot slot = node.slots().guest(id).orElse(null);
        if (slot != null) {
            remove(slot, "it was killed");
            return true;
        }
        boolean kept = node.slots().get(id) == null && node.ledger().has(id);
        if (kept) {
            node.journal().apply(() -> node.slots().get(id) == null ? node.grants().gone(id, true) : List.of(), () -> { });
        }
        return kept;
    }

    /**
     * Ends a process and takes it out of the table; its capabilities, and those it issued, are no more. When that cannot be
     * written the process is gone nevertheless, until the next boot.
     */
    void remove(GuestSlot slot, String reason) {
        slot.close();
        GuestSession session = slot.session();
        if (session != null) {
            session.stop(reason);
        }
        try {
            node.journal().apply(() -> node.slots().remove(slot)
                    ? node.grants().gone(slot.id(), slot.isPersistent()) : List.of(), () -> { });
        } finally {
            if (session != null) {
                runner.end(slot, session, reason);
            }
        }
    }

    void setOnExit(GuestSlot slot, OnExit onExit) {
        Ledger.check(slot.entry(), onExit);
        OnExit before = slot.entry().onExit();
        node.journal().apply(() -> {
            if (node.slots().get(slot.id()) != slot) {
                return List.of();
            }
            boolean was = slot.isPersistent();
            slot.setOnExit(onExit);
            return node.grants().redefined(slot, was, List.of());
        }, () -> slot.setOnExit(before));
    }

    /** Says which engine is to run it, and moves it there. */
    void chooseEngine(GuestSlot slot, Optional<String> engine) {
        Optional<String> before = slot.engine();
        node.journal().apply(() -> {
            slot.setEngine(engine);
            return slot.isPersistent() && node.slots().get(slot.id()) == slot
                    ? List.of(Ledger.engine(slot.id(), engine)) : List.of();
        }, () -> slot.setEngine(before));
        migrate();
    }

    /** Until {@link #boot} has been called the table is not complete, and takes no commands. */
    void expectBoot() {
        boot.expect();
    }

    /** Brings back what was there when the node last ran. */
    void boot() {
        boot.run();
    }

    /**
     * Unwinds the guests that {@code affected} names, at most within the drain bound, and starts them again on what runs
     * guests now: those that wait for mail one after another, as far as there is time, the rest when they come to their
     * receive. Those that end for good with their run (on-exit None) are left to finish within that bound, unless they only
     * wait for mail that nothing promises.
     *
     * @param affected told what the guest runs on, or will
     */
    void roll(Predicate<Loaded> affected) {
        Map<GuestSlot, GuestSession> rolling = new LinkedHashMap<>();
        for (GuestSlot guest : all()) {
            GuestSession session = guest.session();
            if (session != null && affected.test(session.loaded().orElseGet(guest::loaded))) {
                rolling.put(guest, session);
            }
        }
        long deadline = node.clock().nanos() + Providers.DRAIN.toNanos();
        rolling.forEach((guest, session) -> {
            if (!guest.isPersistent() && guest.isIdle()) {
                session.stop("what it ran on was removed");
            }
        });
        migration.hurry(rolling.keySet().stream().filter(GuestSlot::isPersistent).toList(), Providers.DRAIN.dividedBy(2));
        rolling.keySet().stream().filter(GuestSlot::isPersistent).forEach(guest -> guest.drain(rolling.get(guest)));
        runner.endAll(rolling, Duration.ofNanos(deadline - node.clock().nanos()), "what it ran on was removed");
    }

    /** Moves guests to what would run them now, while what runs them is still there; returns at once. */
    void migrate() {
        migration.request();
    }

    /** Ends all runs, leaving everything as it is for the next boot. */
    void stopAll(Duration patience) {
        Map<GuestSlot, GuestSession> running = new LinkedHashMap<>();
        for (GuestSlot guest : all()) {
            guest.hold();
            guest.drain().ifPresent(session -> running.put(guest, session));
        }
        runner.endAll(running, patience, "the node stops");
    }

    List<GuestSlot> all() {
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
