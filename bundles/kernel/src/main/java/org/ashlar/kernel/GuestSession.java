package org.ashlar.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestStopped;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.api.process.Spawned;
import org.ashlar.api.store.StoreException;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.kernel.Workshop.Loaded;

/** One run of a guest: what its imports do. Used by the thread that runs it; {@link #stop} and {@link #drain} by any. */
final class GuestSession implements GuestHost {
    /** After so many receives a guest lets others have the processor: two that chat would starve the rest. */
    private static final int FAIRNESS = 256;

    private final GuestSlot slot;
    private final Conversation conversation;
    private final Node node;
    private final Gate gate = new Gate();
    private volatile Thread parked;
    /** Whether it waits in receive, where it may give way at once. */
    private volatile boolean atReceive;
    private volatile Loaded loaded;
    private volatile boolean draining;
    private volatile boolean replaced;
    private boolean gaveWay;
    private int receives;
    /** Units of fuel since it last gave way. */
    private long sinceGivingWay;

    GuestSession(GuestSlot slot, Conversation conversation, Node node) {
        this.slot = slot;
        this.conversation = conversation;
        this.node = node;
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
        return atReceive;
    }

    /** Makes the guest unwind wherever it is. */
    void stop(String reason) {
        gate.stop(reason);
    }

    /** Makes the guest unwind when it next waits for mail: at once if it does. */
    void drain() {
        draining = true;
        LockSupport.unpark(parked);
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
        return gaveWay;
    }

    void mailArrived() {
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    @Override
    public int fuel(long used) {
        gate.checkStopped();
        slot.usedFuel(used);
        sinceGivingWay += used;
        if (sinceGivingWay >= Fuel.SLICE) {
            sinceGivingWay = 0;
            node.threads().giveWay();
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
            node.ledger().setState(slot.id(), Optional.of(state));
            return null;
        });
    }

    @Override
    public void clearState() {
        inHost(() -> {
            node.ledger().setState(slot.id(), Optional.empty());
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
        if (++receives % FAIRNESS == 0) {
            node.threads().giveWay();
        }
        if (receives == 1) {
            slot.resumed();
        }
        Item item = draining ? null : conversation.deferred().poll();
        if (item == null) {
            item = next(true);
        }
        Delivery delivery = take(item);
        gate.leaveHost();
        return delivery;
    }

    /** The next item of the mailbox; waits for it. @param mayDrain whether this is a moment to give way */
    private Item next(boolean mayDrain) {
        while (true) {
            if (mayDrain && draining) {
                gaveWay = true;
                slot.givesWay();
                throw new GuestStopped("it gives way");
            }
            gate.checkStopped();
            Item item = slot.mailbox().poll();
            if (item instanceof Item.End end && end.exchange().isUnwanted()) {
                drop(end);
                continue;
            }
            if (item != null) {
                return item;
            }
            parked = Thread.currentThread();
            atReceive = mayDrain;
            if (slot.mailbox().isEmpty() && !(mayDrain && draining) && !gate.isStopped()) {
                LockSupport.park(this);
            }
            parked = null;
            atReceive = false;
        }
    }

    private Delivery take(Item item) {
        slot.received().increment();
        return switch (item) {
            case Item.Mail mail -> {
                slot.mailbox().consumed(mail);
                conversation.take(mail);
                Envelope envelope = mail.envelope();
                yield new Delivery.Received(envelope.source(), envelope.message(), Optional.empty());
            }
            case Item.Answered answer -> {
                conversation.take(answer);
                Envelope envelope = answer.envelope();
                yield new Delivery.Received(envelope.source(), envelope.message(), settled(answer));
            }
            case Item.Failed failed -> {
                conversation.take(failed);
                Envelope request = failed.exchange().request();
                yield new Delivery.Failed(new SendError(failed.kind(), request.target(), request.message(),
                        request.blob()), settled(failed));
            }
        };
    }

    /** Lets go of what was kept for a Request. @return its context */
    private Optional<byte[]> settled(Item.End end) {
        Optional<byte[]> context = Optional.ofNullable(end.exchange().context());
        drop(end);
        return context;
    }

    private void drop(Item.End end) {
        slot.mailbox().taken(end);
        slot.reserved().release(end.exchange());
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
        Item.Mail sent = node.outbox().send(slot, target, request, context, carried, prompting, gate::isStopped)
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
            Item item = next(false);
            while (!isEndOf(awaited, item)) {
                conversation.deferred().add(item);
                item = next(false);
            }
            Delivery delivery = take(item);
            gate.leaveHost();
            return delivery;
        } finally {
            if (awaited.abandon()) {
                slot.reserved().release(awaited);
            }
        }
    }

    private static boolean isEndOf(Exchange awaited, Item item) {
        return switch (item) {
            case Item.Answered answer -> answer.exchange() == awaited;
            case Item.Failed failed -> failed.exchange() == awaited;
            case Item.Mail mail -> false;
        };
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
