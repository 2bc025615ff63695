package org.ashlar.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.SendError;

/**
 * A Request that waits for its answer, and the right to answer it: whoever handles the Request, or one that inherits
 * from it, holds this object, and nobody else can. So a Response comes from a process that the Request or its chain
 * reached, or it is none.
 * <p>
 * It is settled once: by a Response, a send error, or by being abandoned. Whoever settles it tells the owner.
 * <p>
 * It counts its <em>holds</em>, the places that may still answer (a mailbox it lies in, a process that has taken it). When
 * the last is gone it can never be answered, and fails at once rather than at its deadline.
 */
final class Exchange {
    private static final VarHandle SETTLED;
    private static final VarHandle HOLDS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SETTLED = lookup.findVarHandle(Exchange.class, "settled", boolean.class);
            HOLDS = lookup.findVarHandle(Exchange.class, "holds", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Slot owner;
    private final Envelope request;
    /** With {@link #prompting} the owner's alone, and kept until it has taken the end. */
    private byte[] context;
    private Item.Mail prompting;
    private boolean unwanted;
    private final long deadline;
    private final Waiter waiter;
    @SuppressWarnings("unused")
    private volatile boolean settled;
    @SuppressWarnings("unused")
    private volatile int holds;

    /**
     * @param owner     who waits
     * @param request   what was sent
     * @param context   what the owner gets back with the answer, or null
     * @param prompting what the owner was working on when it sent the Request, or null
     * @param deadline  on the {@link NodeClock}
     * @param waiter    who is told instead of the owner's mailbox, or null
     */
    Exchange(Slot owner, Envelope request, byte[] context, Item.Mail prompting, long deadline, Waiter waiter) {
        this.owner = owner;
        this.request = request;
        this.context = context;
        this.prompting = prompting;
        this.deadline = deadline;
        this.waiter = waiter;
    }

    Slot owner() {
        return owner;
    }

    Envelope request() {
        return request;
    }

    /** Null when none was given. */
    byte[] context() {
        return context;
    }

    /** Null when the owner was working on nothing. */
    Item.Mail prompting() {
        return prompting;
    }

    long deadline() {
        return deadline;
    }

    boolean isSettled() {
        return settled;
    }

    /** What became of a Response. */
    enum Outcome {
        DELIVERED,
        /** The Request had ended before; nothing happened. */
        TOO_LATE,
        /** The owner has taken too little of what was answered before: the Request ended with a send error. */
        NO_ROOM
    }

    /** Settles it with a Response. */
    Outcome answer(Envelope response) {
        if (!settle()) {
            return Outcome.TOO_LATE;
        }
        if (tell(new Item.Answered(this, response))) {
            return Outcome.DELIVERED;
        }
        tell(new Item.Failed(this, SendError.Kind.TIMEOUT));
        return Outcome.NO_ROOM;
    }

    /** Settles it with a send error. @return false when it was settled before; then nothing happens */
    boolean fail(SendError.Kind kind) {
        return settle() && tell(new Item.Failed(this, kind));
    }

    /**
     * Settles it without telling anyone: nobody waits any more. An end that is on its way already is to be thrown away.
     *
     * @return false when it was settled before
     */
    boolean abandon() {
        unwanted = true;
        return settle();
    }

    /** Whether it was abandoned. Asked by its owner. */
    boolean isUnwanted() {
        return unwanted;
    }

    /**
     * The owner will not come back to what it was doing when it sent the Request. Without this a process that goes on
     * from Request to Request would keep all that it ever received, each holding the one before.
     */
    void forget() {
        context = null;
        prompting = null;
    }

    void hold() {
        HOLDS.getAndAdd(this, 1);
    }

    /** Gives up one hold; at the last one the exchange fails. */
    void release() {
        if ((int) HOLDS.getAndAdd(this, -1) == 1) {
            fail(SendError.Kind.TIMEOUT);
        }
    }

    /** The default one costs more than all else that a table of these does. Inheriting Requests share their id. */
    @Override
    public int hashCode() {
        return Long.hashCode(request.id() ^ deadline);
    }

    private boolean settle() {
        if (!settled && SETTLED.compareAndSet(this, false, true)) {
            owner.outstanding().remove(this);
            return true;
        }
        return false;
    }

    private boolean tell(Item.End end) {
        if (waiter != null) {
            waiter.ended(end);
            return true;
        }
        return owner.deliver(end);
    }

    /** Waits for an exchange in Java. */
    @FunctionalInterface
    interface Waiter {
        /** Called once, on the thread that settled the exchange, with {@link Item.Answered} or {@link Item.Failed}. */
        void ended(Item.End end);
    }
}
