package org.ashlar.kernel;

import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;

/**
 * Decides where a message goes and whether it may (reference-kernel 2.11). It never blocks and has no thread: it runs on
 * the sender's.
 */
final class Router {
    static final ProcessId NET = ProcessId.parse("net:distro:sys");

    /** What became of a message. */
    enum Verdict {
        DELIVERED,
        /** The target's mailbox has no room now. */
        FULL,
        NO_SUCH_PROCESS,
        /** The sender may not message the target. */
        NOT_ALLOWED,
        /** The sender may not message other nodes. */
        NO_NETWORK,
        /** There is no way to the target's node. */
        OFFLINE
    }

    private final Address kernel;
    private final Slots slots;
    private final CapabilityTable capabilities;
    private final Printer printer;
    private final Capability network;

    Router(Address kernel, Slots slots, CapabilityTable capabilities, Printer printer) {
        this.kernel = kernel;
        this.slots = slots;
        this.capabilities = capabilities;
        this.printer = printer;
        this.network = new Capability(kernel, Capability.NETWORK);
    }

    /** Puts a Request into the mailbox of {@code to}, its destination or null, if it may go there. */
    Verdict route(Slot from, Slot to, Item.Mail mail) {
        boolean local = isLocal(mail.envelope());
        if (!local && !mayUseNetwork(from)) {
            return Verdict.NO_NETWORK;
        }
        if (to == null) {
            return local ? Verdict.NO_SUCH_PROCESS : Verdict.OFFLINE;
        }
        if (local && !mayMessage(from, to)) {
            return Verdict.NOT_ALLOWED;
        }
        return to.offer(mail) ? Verdict.DELIVERED : Verdict.FULL;
    }

    /** The slot in whose mailbox it goes: what is for another node is the network's. Null when there is none. */
    Slot destination(Envelope envelope) {
        return slots.get(isLocal(envelope) ? envelope.target().process() : NET);
    }

    private boolean isLocal(Envelope envelope) {
        return envelope.target().node().equals(kernel.node());
    }

    /**
     * Gives the Response of {@code from} to whoever waits for it. A second one, or one that comes too late, is dropped
     * silently; one for which the receiver has no room ends the Request as a send error; one to a process that {@code from}
     * may not message is dropped with a line, and the exchange stays open until its deadline.
     */
    void respond(Slot from, Item.Mail request, Response response, Optional<Blob> blob) {
        Exchange exchange = request.exchange();
        if (exchange == null || exchange.isSettled()) {
            return;
        }
        boolean remote = exchange.owner() instanceof RemoteSlot;
        if (remote ? !mayUseNetwork(from) : !mayMessage(from, exchange.owner())) {
            printer.print(from.id(), 0, "the Response of " + from.id() + " to " + request.envelope().respondTo()
                    + " was dropped: it lacks the " + (remote ? "network" : "messaging") + " capability");
            return;
        }
        answer(from, exchange, Dispatch.response(from, request, response, blob));
    }

    /** Gives the Response of {@code source}, on another node, to whoever waits for it. */
    void relay(Slot by, Item.Mail request, Address source, Response response, Optional<Blob> blob) {
        Envelope sent = request.envelope();
        Exchange exchange = request.exchange();
        if (exchange != null) {
            answer(by, exchange, new Envelope(sent.id(), source, sent.respondTo(), Optional.empty(), response, blob));
        }
    }

    private void answer(Slot from, Exchange exchange, Envelope envelope) {
        switch (exchange.answer(envelope)) {
            case DELIVERED -> from.sent().increment();
            case NO_ROOM -> printer.print(from.id(), 1, "the Response of " + from.id() + " to " + exchange.owner().id()
                    + " was dropped: that has " + Mailbox.MAX_ANSWER_BYTES + " bytes of Responses waiting; the Request"
                    + " ended as a send error");
            case TOO_LATE -> { }
        }
    }

    /** Ends a Request that was not delivered, and tells what people should know of it. */
    void refuse(Slot from, Item.Mail mail, Verdict verdict) {
        ProcessId sender = from.id();
        Address target = mail.envelope().target();
        switch (verdict) {
            case NOT_ALLOWED -> printer.print(sender, 0, sender + " may not message " + target
                    + ": it lacks the messaging capability, and the target is not public");
            case NO_NETWORK -> printer.print(sender, 0, sender + " may not message " + target
                    + " on another node: it lacks the network capability");
            case NO_SUCH_PROCESS -> printer.print(sender, 2, sender + " sent to " + target + ", which does not exist");
            case OFFLINE -> printer.print(sender, 2, sender + " sent to " + target + ", whose node cannot be reached");
            case FULL -> printer.print(sender, 1, sender + " gave up sending to " + target + ": its mailbox is full");
            case DELIVERED -> throw new IllegalArgumentException("a delivered message is not refused");
        }
        end(mail, verdict == Verdict.OFFLINE ? SendError.Kind.OFFLINE : SendError.Kind.TIMEOUT);
    }

    /** Ends a Request that will not be answered; one that only continues another ends when nobody else may answer that. */
    static void end(Item.Mail mail, SendError.Kind kind) {
        Exchange exchange = mail.exchange();
        if (exchange == null) {
            return;
        }
        if (exchange.request() == mail.envelope()) {
            exchange.fail(kind);
        } else {
            exchange.release();
        }
    }

    /** Whether {@code process} may send to other nodes. */
    private boolean mayUseNetwork(Slot process) {
        return process.isTrusted() || capabilities.holds(process.id(), network);
    }

    /** Whether {@code process} may hear from other nodes. Nothing else is asked of what comes from there (reference-kernel 2.11). */
    boolean hearsOthers(Slot process) {
        return switch (process) {
            case SystemSlot system -> system.isNetwork();
            case GuestSlot guest -> capabilities.holds(guest.id(), network);
            case RemoteSlot remote -> false;
        };
    }

    /** Whether {@code from} may send Requests and Responses to {@code to}. */
    boolean mayMessage(Slot from, Slot to) {
        return from == to || to.isPublic() || from.isTrusted() || holdsMessaging(from, to);
    }

    private boolean holdsMessaging(Slot from, Slot to) {
        long revision = capabilities.revision();
        if (from.allowances().has(to, revision)) {
            return true;
        }
        boolean holds = capabilities.holds(from.id(), Capability.messaging(to.address()));
        if (holds) {
            from.allowances().remember(to, revision);
        }
        return holds;
    }
}
