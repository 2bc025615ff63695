package org.ashlar.kernel;

import java.time.Instant;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.SendError;

/** What lies in a mailbox. */
sealed interface Item {

    /**
     * A Request.
     *
     * @param envelope    as sent
     * @param exchange    what an answer settles; null when nobody on this node waits for one
     * @param arrivedAt   when it first reached its target
     * @param queuedNanos when it was sent, on the {@link NodeClock}: the order of those of one sender
     */
    record Mail(Envelope envelope, Exchange exchange, Instant arrivedAt, long queuedNanos) implements Item {
        /** Whether a Response to it, or a Request that inherits from it, has anywhere to go. */
        boolean repliable() {
            return envelope.repliable();
        }
    }

    /** How a Request of ours ended. */
    sealed interface End extends Item {
        Exchange exchange();
    }

    /** The Response that settled {@code exchange}. */
    record Answered(Exchange exchange, Envelope envelope) implements End { }

    /** The end of an {@code exchange} that was not answered. */
    record Failed(Exchange exchange, SendError.Kind kind) implements End { }
}
