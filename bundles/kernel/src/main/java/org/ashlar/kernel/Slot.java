package org.ashlar.kernel;

import java.util.concurrent.atomic.LongAdder;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.ProcessStatus;

/**
 * What an address on this node leads to. It outlives what runs in it: while a bundle is replaced, an engine is swapped or
 * a guest waits to be restarted, mail goes on arriving here and the Requests sent from here stay open.
 */
abstract sealed class Slot permits GuestSlot, RemoteSlot, SystemSlot {
    private final Address address;
    private final Mailbox mailbox;
    private final Outstanding outstanding = new Outstanding();
    private final Allowances allowances = new Allowances();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private volatile boolean closed;
    /** When the clock looks at it next, or null; written by {@link Agenda}. */
    private volatile Agenda.Visit visit;
    /** Since when nothing serves it, as far as the clock has seen. Written by the clock's thread alone. */
    private volatile long unservedSince = Long.MAX_VALUE;

    /** @param heap what mail of all slots may take together */
    Slot(Address address, NodeHeap heap) {
        this.address = address;
        this.mailbox = new Mailbox(heap);
    }

    final Address address() {
        return address;
    }

    final ProcessId id() {
        return address.process();
    }

    final Mailbox mailbox() {
        return mailbox;
    }

    final Outstanding outstanding() {
        return outstanding;
    }

    final Allowances allowances() {
        return allowances;
    }

    final LongAdder sent() {
        return sent;
    }

    final LongAdder received() {
        return received;
    }

    final Agenda.Visit visit() {
        return visit;
    }

    final void visit(Agenda.Visit next) {
        visit = next;
    }

    /** Whether any local process may message it. */
    abstract boolean isPublic();

    /** Whether it runs with the node's own authority, and is not asked for capabilities. */
    abstract boolean isTrusted();

    /** Called after something was put into the mailbox, on the thread that did. */
    abstract void mailArrived();

    abstract ProcessStatus status();

    /** Whether something is there to take its mail, or will be soon by itself. */
    abstract boolean isServed();

    /**
     * Whether nothing has served it for {@code nanos}: how long mail has waited says nothing of that, the process may have
     * been busy with other mail. To be asked at every tick of the clock while it is so, by its thread.
     */
    final boolean isUnservedFor(long nanos, long now) {
        if (isServed()) {
            unservedSince = Long.MAX_VALUE;
            return false;
        }
        unservedSince = Math.min(unservedSince, now);
        return now - unservedSince >= nanos;
    }

    /** Whether nothing served it when the clock last looked. */
    final boolean wasUnserved() {
        return unservedSince != Long.MAX_VALUE;
    }

    /** Puts a Request in. @return false when there is no room */
    final boolean offer(Item.Mail mail) {
        if (!mailbox.offer(mail)) {
            return false;
        }
        arrived();
        return true;
    }

    /** Puts an answer or a send error in. @return false when there is no room for such an answer */
    final boolean deliver(Item.End end) {
        if (!mailbox.deliver(end)) {
            return false;
        }
        arrived();
        return true;
    }

    final void arrived() {
        mailArrived();
        if (closed) {
            refuseMail();
        }
    }

    /** Nobody will ever take this mail: its senders are told. New mail cannot come, or is refused at once. */
    void close() {
        closed = true;
        outstanding.abandonAll();
        refuseMail();
    }

    final boolean isClosed() {
        return closed;
    }

    private void refuseMail() {
        for (Item item = mailbox.poll(); item != null; item = mailbox.poll()) {
            switch (item) {
                case Item.Mail mail -> {
                    mailbox.consumed(mail);
                    Dispatch.release(mail);
                }
                case Item.End end -> mailbox.taken(end);
            }
        }
    }
}
