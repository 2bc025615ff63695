package org.ashlar.api.message;

import java.util.Optional;

/**
 * What the sender of a Request gets instead of a Response.
 *
 * @param kind    why
 * @param target  where the Request was sent
 * @param message the Request as it was sent
 * @param blob    its blob
 */
public record SendError(Kind kind, Address target, Message message, Optional<Blob> blob) {
    public enum Kind {
        /** The target's node cannot be reached. */
        OFFLINE,
        /** No answer came in time, or none can come: no such process, or it may not be spoken to. */
        TIMEOUT
    }
}
