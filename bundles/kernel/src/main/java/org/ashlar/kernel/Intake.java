package org.ashlar.kernel;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestStopped;

/**
 * What one run of a guest takes out of its mailbox: waits for it, keeps what is not awaited for later, and gives way between
 * two items. Used by the thread that runs the guest; {@link #drain}, {@link #mailArrived} and {@link #isWaiting} by any.
 */
final class Intake {
    /** After so many receives a guest lets others have the processor: two that chat would starve the rest. */
    private static final int FAIRNESS = 256;
    /** And after so many for which it did not have to wait: nobody else had the processor meanwhile. */
    private static final int TURN = 32;

    private final GuestSlot slot;
    private final Conversation conversation;
    private final Node node;
    private final Gate gate;
    private volatile Thread parked;
    private volatile boolean waiting;
    private volatile boolean draining;
    private boolean gaveWay;
    private boolean hasTaken;
    private int receives;
    private int sinceWaiting;

    Intake(GuestSlot slot, Conversation conversation, Node node, Gate gate) {
        this.slot = slot;
        this.conversation = conversation;
        this.node = node;
        this.gate = gate;
    }

    /** Whether it waits in receive, where it may give way at once. */
    boolean isWaiting() {
        return waiting;
    }

    /** Has the guest give way when it next waits for mail: at once if it does. */
    void drain() {
        draining = true;
        LockSupport.unpark(parked);
    }

    /** Whether it has given way. */
    boolean gaveWay() {
        return gaveWay;
    }

    /** Whether it has taken anything out. Asked on its own thread. */
    boolean hasTaken() {
        return hasTaken;
    }

    void mailArrived() {
        Thread thread = parked;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** @throws GuestStopped when it gives way instead, or is stopped */
    Delivery receive() {
        if (++receives % FAIRNESS == 0 || ++sinceWaiting == TURN) {
            sinceWaiting = 0;
            node.threads().giveWay();
        }
        if (receives == 1) {
            slot.resumed();
        }
        Item item = draining ? null : conversation.deferred().poll();
        if (item == null) {
            item = next(true);
        }
        return take(item);
    }

    /** The end of {@code awaited}; whatever else comes is received later. @throws GuestStopped when it is stopped */
    Delivery await(Exchange awaited) {
        Item item = next(false);
        while (!isEndOf(awaited, item)) {
            conversation.deferred().add(item);
            item = next(false);
        }
        return take(item);
    }

    private static boolean isEndOf(Exchange awaited, Item item) {
        return switch (item) {
            case Item.Answered answer -> answer.exchange() == awaited;
            case Item.Failed failed -> failed.exchange() == awaited;
            case Item.Mail mail -> false;
        };
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
            waiting = mayDrain;
            if (slot.mailbox().isEmpty() && !(mayDrain && draining) && !gate.isStopped()) {
                LockSupport.park(this);
                sinceWaiting = 0;
            }
            parked = null;
            waiting = false;
        }
    }

    private Delivery take(Item item) {
        slot.received().increment();
        hasTaken = true;
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
}
