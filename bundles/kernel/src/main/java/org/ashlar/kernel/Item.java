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
     * @param queuedNanos when it was last put into a mailbox, on the {@link NodeClock}
     */
    record Mail(Envelope envelope, Exchange exchange, Instant arrivedAt, long queuedNanos) implements Item {
        /** Whether a Response to it, or a Request that inherits from it, has anywhere to go. */
        boolean repliable() {
            return envelope.repliable();
        }

        Mail requeued(long nanos) {
            return new Mail(envelope, exchange, arrivedAt, nanos);
        }
    }

    /** The Response that settled {@code exchange}. */
    record Answered(Exchange exchange, Envelope envelope) implements Item { }

    /** The end of an {@code exchange} that was not answered. */
    record Failed(Exchange exchange, SendError.Kind kind) implements Item { }
}
