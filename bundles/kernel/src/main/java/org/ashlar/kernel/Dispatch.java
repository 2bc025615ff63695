package org.ashlar.kernel;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;

/** Makes envelopes: who it comes from, what id it has, who gets the answer (reference-kernel 2.2, 2.4). */
final class Dispatch {
    /** Longest expectation that is told from an endless one: a hundred years, in seconds. */
    private static final long LONGEST = 100L * 365 * 24 * 3600;

    private final NodeClock clock;
    private final LongSupplier ids;
    private final Agenda agenda;

    /**
     * @param ids    gives ids that cannot be guessed from those seen before
     * @param agenda told when a Request's time is over
     */
    Dispatch(NodeClock clock, LongSupplier ids, Agenda agenda) {
        this.clock = clock;
        this.ids = ids;
        this.agenda = agenda;
    }

    /**
     * A Request from {@code from}, with its exchange when it wants an answer.
     *
     * @param target    with the real node name
     * @param request   its capabilities already filtered
     * @param context   what comes back with the answer, or null
     * @param blob      what goes with it
     * @param prompting the Request that {@code from} is working on, or null
     * @param waiter    who is told of the end instead of the mailbox of {@code from}, or null
     * @return empty at the limit of unanswered Requests
     */
    Optional<Item.Mail> request(Slot from, Address target, Request request, byte[] context, Optional<Blob> blob,
                                Item.Mail prompting, Exchange.Waiter waiter) {
        boolean expects = request.expectsResponse().isPresent();
        boolean continues = request.inherit() && prompting != null;
        long id = continues ? prompting.envelope().id() : ids.getAsLong();
        Optional<Address> rsvp = Optional.empty();
        Exchange exchange = null;
        if (expects) {
            rsvp = Optional.of(from.address());
        } else if (continues) {
            rsvp = Optional.of(prompting.envelope().respondTo());
            exchange = prompting.exchange();
        }
        Envelope envelope = new Envelope(id, from.address(), target, rsvp, request, blob);
        if (expects) {
            exchange = new Exchange(from, envelope, context, prompting, deadline(request.expectsResponse()), waiter);
            if (!from.outstanding().add(exchange)) {
                return Optional.empty();
            }
            agenda.add(from, exchange.deadline());
        }
        if (exchange != null) {
            exchange.hold();
        }
        return Optional.of(new Item.Mail(envelope, exchange, clock.now(), clock.nanos()));
    }

    /** The Response of {@code from} to {@code mail}. */
    static Envelope response(Slot from, Item.Mail mail, Response response, Optional<Blob> blob) {
        Envelope request = mail.envelope();
        return new Envelope(request.id(), from.address(), request.respondTo(), Optional.empty(), response, blob);
    }

    /** Whoever had {@code mail} cannot answer it any more. */
    static void release(Item.Mail mail) {
        if (mail.exchange() != null) {
            mail.exchange().release();
        }
    }

    long deadline(OptionalLong expects) {
        long seconds = expects.getAsLong();
        boolean endless = seconds < 0 || seconds > LONGEST;
        return clock.nanos() + TimeUnit.SECONDS.toNanos(endless ? LONGEST : seconds);
    }
}
