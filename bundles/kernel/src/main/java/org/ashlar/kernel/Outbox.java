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
import org.ashlar.kernel.Router.Verdict;

/** Sends: makes the envelope, routes it, and does what is to be done when the target has no room or may not be spoken to. */
final class Outbox {
    /** How long a message without a deadline of its own waits for room in a full mailbox. */
    private static final long ROOM_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Node node;

    Outbox(Node node) {
        this.node = node;
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
        made.ifPresent(mail -> {
            Verdict verdict = node.router().route(from, mail);
            if (verdict == Verdict.FULL && waitForRoom(from, mail, giveUp)) {
                verdict = Verdict.DELIVERED;
            }
            settle(from, mail, verdict);
        });
        return made;
    }

    /** Sends a Request without waiting: when the target has no room, a thread of its own waits for it. */
    Optional<Item.Mail> post(Slot from, Address target, Request request, Optional<Blob> blob, Exchange.Waiter waiter) {
        Optional<Item.Mail> made = make(from, target, request, null, blob, null, waiter);
        made.ifPresent(mail -> {
            Verdict verdict = node.router().route(from, mail);
            if (verdict == Verdict.FULL) {
                Thread.ofVirtual().name("room for " + target).start(() -> settle(from, mail,
                        waitForRoom(from, mail, from::isClosed) ? Verdict.DELIVERED : Verdict.FULL));
            } else {
                settle(from, mail, verdict);
            }
        });
        return made;
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

    private boolean waitForRoom(Slot from, Item.Mail mail, BooleanSupplier giveUp) {
        Slot target = node.router().destination(mail.envelope());
        if (target == null || target == from) {
            return false;
        }
        boolean hasDeadline = mail.exchange() != null && mail.exchange().request() == mail.envelope();
        long deadline = hasDeadline ? mail.exchange().deadline() : node.clock().nanos() + ROOM_NANOS;
        boolean delivered = target.mailbox().offerWhenRoom(mail, node.clock(), deadline,
                () -> giveUp.getAsBoolean() || target.isClosed());
        if (delivered) {
            target.arrived();
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
