package org.ashlar.process;

import java.util.Optional;

/**
 * Says that a request of ours which expected a response will not get one.
 *
 * @param kind why
 * @param target where the request was to go
 * @param message the request as it was sent; its source is this process
 * @param blob the blob that it carried
 * @param context the bytes that our request was sent with; always empty after {@link OutgoingRequest#await}
 */
public record SendError(Kind kind, Address target, Message message, Optional<Blob> blob, Optional<byte[]> context)
        implements Mail {

    /** Why no response will come, in the order of the interface's enum. */
    public enum Kind {
        /** The other node cannot be reached. */
        OFFLINE,
        /** No answer came in time, no such process runs, or we may not message it. */
        TIMEOUT
    }
}
