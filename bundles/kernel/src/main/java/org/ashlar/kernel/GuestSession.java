package org.ashlar.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.api.process.Spawned;
import org.ashlar.api.store.StoreException;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.kernel.Workshop.Loaded;

/** One run of a guest: what its imports do. Used by the thread that runs it; {@link #stop} and {@link #drain} by any. */
final class GuestSession implements GuestHost {
    /** How long a guest computes before those that wait for its processor go first. */
    private static final long TURN_NANOS = 50_000;

    private final GuestSlot slot;
    private final Conversation conversation;
    private final Node node;
    private final Gate gate = new Gate();
    /** Made once: every Request that is sent passes it on. */
    private final BooleanSupplier stopped = gate::isStopped;
    private final Intake intake;
    private volatile Loaded loaded;
    private volatile boolean replaced;
    private long turnBegan;

    GuestSession(GuestSlot slot, Conversation conversation, Node node) {
        this.slot = slot;
        this.conversation = conversation;
        this.node = node;
        this.intake = new Intake(slot, conversation, node, gate);
    }

    Gate gate() {
        return gate;
    }

    /** What it runs on; empty until that is settled. */
    Optional<Loaded> loaded() {
        return Optional.ofNullable(loaded);
    }

    /** It is about to run on this. */
    void runOn(Loaded what) {
        loaded = what;
    }

    /** Whether it waits for mail at the moment: then {@link #drain} makes it unwind at once. */
    boolean isAtReceive() {
        return intake.isWaiting();
    }

    /** Makes the guest unwind wherever it is. */
    void stop(String reason) {
        gate.stop(reason);
    }

    /** Makes the guest unwind when it next waits for mail: at once if it does. */
    void drain() {
        intake.drain();
    }

    /** When it is stopped, whatever its on-exit, something else is to run in its place. */
    void replace() {
        replaced = true;
    }

    boolean isReplaced() {
        return replaced;
    }

    /** Whether it unwound between two items, so that nothing it was doing is lost. Asked on its own thread. */
    boolean gaveWay() {
        return intake.gaveWay();
    }

    /** Whether it has taken anything out of its mailbox. Asked on its own thread. */
    boolean hasTaken() {
        return intake.hasTaken();
    }

    void mailArrived() {
        intake.mailArrived();
    }

    @Override
    public int fuel(long used) {
        gate.checkStopped();
        slot.usedFuel(used);
        if (System.nanoTime() - turnBegan >= TURN_NANOS) {
            node.threads().giveWay();
            turnBegan = System.nanoTime();
            gate.checkStopped();
        }
        return Fuel.SLICE;
    }

    /** Like all that only looks at what is there: no need to tell the gate, but a guest that was told to stop does. */
    @Override
    public Address our() {
        gate.checkStopped();
        return slot.address();
    }

    @Override
    public void print(int verbosity, String text) {
        gate.enterHost();
        printNow(verbosity, text);
        gate.leaveHost();
    }

    private void printNow(int verbosity, String text) {
        node.printer().print(slot.id(), verbosity, slot.id().packageId() + ": " + text);
    }

    @Override
    public OnExit onExit() {
        gate.checkStopped();
        return slot.entry().onExit();
    }

    @Override
    public void setOnExit(OnExit onExit) {
        inHost(() -> {
            node.guests().setOnExit(slot, onExit);
            return null;
        });
    }

    @Override
    public Optional<byte[]> state() {
        return inHost(() -> node.ledger().state(slot.id()));
    }

    @Override
    public void setState(byte[] state) {
        inHost(() -> {
            node.ledger().setState(slot.id(), state);
            return null;
        });
    }

    @Override
    public void clearState() {
        inHost(() -> {
            node.ledger().clearState(slot.id());
            return null;
        });
    }

    @Override
    public Spawned spawn(SpawnRequest request) {
        return inHost(() -> node.spawner().spawn(slot, request));
    }

    @Override
    public void saveCapabilities(List<Capability> capabilities) {
        inHost(() -> {
            List<SignedCapability> real = new ArrayList<>(capabilities.size());
            for (Capability each : capabilities) {
                Capability resolved = node.resolve(each);
                conversation.received(resolved).ifPresent(real::add);
                if (node.capabilities().isIssuedBy(resolved, slot.id())) {
                    real.add(SignedCapability.unsigned(resolved));
                }
            }
            node.grants().save(slot.id(), real);
            return null;
        });
    }

    @Override
    public void dropCapabilities(List<Capability> capabilities) {
        inHost(() -> {
            node.grants().take(slot.id(), capabilities.stream().map(node::resolve).toList());
            return null;
        });
    }

    @Override
    public List<Capability> capabilities() {
        return inHost(() -> node.capabilities().of(slot.id()).stream().map(SignedCapability::capability).toList());
    }

    @Override
    public Delivery receive() {
        gate.enterHost();
        Delivery delivery = intake.receive();
        gate.leaveHost();
        return delivery;
    }

    @Override
    public boolean hasBlob() {
        gate.checkStopped();
        return conversation.blob().isPresent();
    }

    @Override
    public Optional<Blob> blob() {
        gate.checkStopped();
        return conversation.blob();
    }

    @Override
    public Optional<Blob> lastBlob() {
        gate.checkStopped();
        return conversation.lastBlob();
    }

    @Override
    public void send(Outgoing outgoing) {
        gate.enterHost();
        send(outgoing.target(), outgoing.request(), outgoing.context().orElse(null), outgoing.blob());
        gate.leaveHost();
    }

    private Item.Mail send(Address target, Request request, byte[] context, Optional<Blob> blob) {
        Optional<Blob> carried = blob.isEmpty() && request.inherit() ? conversation.inherited() : blob;
        Item.Mail prompting = conversation.prompting();
        boolean expects = request.expectsResponse().isPresent();
        if (expects) {
            slot.reserved().check(request, carried, context, prompting);
        }
        Item.Mail sent = node.outbox().send(slot, target, request, context, carried, prompting, stopped)
                .orElseThrow(() -> new AssertionError("more Requests are open than were counted"));
        if (expects) {
            slot.reserved().add(sent.exchange());
        }
        return sent;
    }

    @Override
    public void respond(Response response, Optional<Blob> blob) {
        gate.enterHost();
        Item.Mail request = conversation.prompting();
        if (request == null) {
            printNow(0, "it responded without having received a Request that can be answered; nothing was sent");
        } else {
            Optional<Blob> carried = blob.isEmpty() && response.inherit() ? conversation.inherited() : blob;
            node.outbox().respond(slot, request, response, carried);
            conversation.answered(request);
        }
        gate.leaveHost();
    }

    @Override
    public Delivery sendAndAwait(Address target, Request request, Optional<Blob> blob) {
        if (request.expectsResponse().isEmpty()) {
            throw new GuestTrap("send-and-await-response: the Request to " + target + " expects no response");
        }
        if (target.resolve(slot.address().node()).equals(slot.address())) {
            throw new GuestTrap("send-and-await-response: " + target + " is this process itself, which cannot answer"
                    + " while it waits");
        }
        gate.enterHost();
        Exchange awaited = send(target, request, null, blob).exchange();
        try {
            Delivery delivery = intake.await(awaited);
            gate.leaveHost();
            return delivery;
        } finally {
            if (awaited.abandon()) {
                slot.reserved().release(awaited);
            }
        }
    }

    @Override
    public Optional<Path> scratch() {
        return inHost(() -> node.workshop().scratch(slot.id().packageId()));
    }

    private <T> T inHost(Supplier<T> call) {
        gate.enterHost();
        try {
            T result = call.get();
            gate.leaveHost();
            return result;
        } catch (StoreException | LimitReached e) {
            throw new GuestTrap(e.getMessage());
        }
    }
}
