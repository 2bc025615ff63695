package org.ashlar.kernel;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.kernel.Backlog.Waiting;
import org.ashlar.kernel.Router.Verdict;

/** Sends: makes the envelope, routes it, and does what is to be done when the target has no room or may not be spoken to. */
final class Outbox {
    /** How long a message without a deadline of its own waits for room in a full mailbox. */
    private static final long ROOM_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Node node;
    private final Backlog backlog;

    Outbox(Node node) {
        this.node = node;
        this.backlog = new Backlog(this::deliver, node.heap());
    }

    /**
     * Sends a Request, parking the calling thread while the target has no room, at most until the Request's own deadline.
     *
     * @param context   what comes back with the answer, or null
     * @param prompting the Request that {@code from} is working on, or null
     * @param giveUp    looked at while parked
     * @return what was sent, or refused; empty at the limit of unanswered Requests
     */
    Optional<Item.Mail> send(Slot from, Address target, Request request, byte[] context, Optional<Blob> blob,
                             Item.Mail prompting, BooleanSupplier giveUp) {
        Optional<Item.Mail> made = make(from, target, request, context, blob, prompting, null);
        if (made.isPresent()) {
            Item.Mail mail = made.get();
            Slot to = node.router().destination(mail.envelope());
            Verdict verdict = node.router().route(from, to, mail);
            if (verdict == Verdict.FULL && waitForRoom(from, to, mail, giveUp)) {
                verdict = Verdict.DELIVERED;
            }
            settle(from, mail, verdict);
        }
        return made;
    }

    /** Sends a Request without waiting: when the target has no room, it waits in a line, in order. */
    Optional<Item.Mail> post(Slot from, Address target, Request request, Optional<Blob> blob, Exchange.Waiter waiter) {
        Optional<Item.Mail> made = make(from, target, request, null, blob, null, waiter);
        made.ifPresent(mail -> {
            Waiting message = new Waiting(from, node.router().destination(mail.envelope()), mail);
            switch (backlog.join(message)) {
                case NO_LINE -> postNow(message);
                case TAKEN -> { }
                case TOO_LONG -> settle(from, mail, Verdict.FULL);
            }
        });
        return made;
    }

    /** Brings a Request of another node to its target; it waits in a line when there is no room. */
    void arrive(RemoteSlot from, Slot to, Item.Mail mail) {
        Waiting message = new Waiting(from, to, mail);
        from.waits(mail.envelope().weight());
        switch (backlog.join(message)) {
            case TAKEN -> { }
            case TOO_LONG -> settleArrival(message, Verdict.FULL);
            case NO_LINE -> {
                Verdict verdict = node.router().route(from, to, mail);
                if (verdict != Verdict.FULL || !backlog.wait(message)) {
                    settleArrival(message, verdict);
                }
            }
        }
    }

    private void settleArrival(Waiting message, Verdict verdict) {
        if (message.from() instanceof RemoteSlot remote) {
            remote.waitedFor(message.mail().envelope().weight());
        }
        settle(message.from(), message.mail(), verdict);
    }

    private void postNow(Waiting message) {
        Verdict verdict = node.router().route(message.from(), message.to(), message.mail());
        if (verdict != Verdict.FULL || !backlog.wait(message)) {
            settle(message.from(), message.mail(), verdict);
        }
    }

    /** Answers {@code request}. */
    void respond(Slot from, Item.Mail request, Response response, Optional<Blob> blob) {
        Response real = response.capabilities().isEmpty() ? response
                : response.withCapabilities(attached(from, response.capabilities()));
        node.router().respond(from, request, real, blob);
    }

    private Optional<Item.Mail> make(Slot from, Address target, Request request, byte[] context, Optional<Blob> blob,
                                     Item.Mail prompting, Exchange.Waiter waiter) {
        Request real = request.capabilities().isEmpty() ? request
                : request.withCapabilities(attached(from, request.capabilities()));
        return node.dispatch().request(from, target.resolve(node.name()), real, context, blob, prompting, waiter);
    }

    /** What of {@code wanted} a process may really attach. */
    private List<SignedCapability> attached(Slot from, List<SignedCapability> wanted) {
        return node.capabilities().filter(from.id(), wanted.stream()
                .map(each -> new SignedCapability(node.resolve(each.capability()), each.signature())).toList());
    }

    private void deliver(Waiting message) {
        boolean delivered = waitForRoom(message.from(), message.to(), message.mail(), node::isStopping);
        settleArrival(message, delivered ? Verdict.DELIVERED : Verdict.FULL);
    }

    private boolean waitForRoom(Slot from, Slot to, Item.Mail mail, BooleanSupplier giveUp) {
        if (to == from) {
            return false;
        }
        boolean hasDeadline = mail.exchange() != null && mail.exchange().request() == mail.envelope();
        long deadline = hasDeadline ? mail.exchange().deadline() : mail.queuedNanos() + ROOM_NANOS;
        boolean delivered = to.mailbox().offerWhenRoom(mail, node.clock(), deadline,
                () -> giveUp.getAsBoolean() || to.isClosed());
        if (delivered) {
            to.arrived();
        }
        return delivered;
    }

    private void settle(Slot from, Item.Mail mail, Verdict verdict) {
        from.sent().increment();
        if (verdict != Verdict.DELIVERED) {
            node.router().refuse(from, mail, verdict);
        }
    }
}
