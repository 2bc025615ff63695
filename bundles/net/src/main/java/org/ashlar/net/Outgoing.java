package org.ashlar.net;

import java.util.Optional;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Reply;

/**
 * A message to another node.
 *
 * @param envelope as it goes out
 * @param reply    ends the Request it is; empty when nobody waits
 */
record Outgoing(Envelope envelope, Optional<Reply> reply) {
    boolean isRequest() {
        return envelope.message() instanceof Request;
    }

    void fail(SendError.Kind kind) {
        reply.ifPresent(waiting -> waiting.fail(kind));
    }
}
