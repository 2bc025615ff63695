package org.ashlar.api.process;

import java.time.Instant;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;

/**
 * The one chance to answer a Request. The first of {@link #respond}, {@link #relay}, {@link #refuse}, {@link #fail} and
 * {@link #handBack} counts; later calls do nothing. Methods may be called on any thread and do not block.
 */
public interface Reply {
    /**
     * Whether anybody waits for the answer: no longer when the sender is gone or the time it gave is over. Responding when
     * nobody does is harmless.
     */
    boolean expected();

    /** When the Request first reached this process, also when an earlier provider handed it back. */
    Instant arrivedAt();

    /**
     * Whether the sender may do what {@code capability} allows: it holds it, or issued it.
     */
    boolean senderHolds(Capability capability);

    /** Answers. */
    void respond(Response response, Optional<Blob> blob);

    /** Answers without a blob. */
    default void respond(Response response) {
        respond(response, Optional.empty());
    }

    /** Will not answer: a sender that waits gets a send error at once. For what a limit forbids and no answer can express. */
    void refuse();

    /**
     * Passes on an answer that another process gave to this Request: for who carries messages between nodes. Unlike
     * {@link #respond}, {@code source} becomes the answer's source.
     */
    void relay(Address source, Response response, Optional<Blob> blob);

    /**
     * Ends the Request as a send error to who waits for it: for who carries messages between nodes. When the Request
     * continues one of somebody else, that one goes on as long as others may still answer it.
     */
    void fail(SendError.Kind kind);

    /** Gives the Request back unanswered, for the provider that comes next; what a departing one does with the rest. */
    void handBack();
}
