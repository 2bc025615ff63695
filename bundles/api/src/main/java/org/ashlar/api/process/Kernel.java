package org.ashlar.api.process;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;

/**
 * What the kernel offers to the node's own bundles: to speak in the name of a system process, and to see what runs.
 * Everything else is asked of it by message, at {@code kernel:distro:sys}.
 * <p>
 * Life cycle: registered while the kernel can route; hold it {@code 0..n}, dynamic. Every method may be called on any
 * thread and returns without waiting for a process.
 */
public interface Kernel {

    /** The kernel's own address; its node part is the name of this node. */
    Address address();

    /**
     * Sends a Request that wants an answer.
     *
     * @param from    the system process in whose name it is sent; it need not be registered
     * @param target  where it goes; {@code our} as node is this node
     * @param request what is asked; {@link Request#expectsResponse} must be present and {@link Request#inherit} false
     * @return completed with the answer, or exceptionally with {@link SendFailedException}; always completed, at the
     *         latest when the time that the Request allows is over. Completion may happen on the answering process's
     *         thread: go on elsewhere for anything that takes time
     * @throws IllegalArgumentException when the Request wants no answer or inherits
     */
    CompletionStage<Answer> ask(ProcessId from, Address target, Request request, Optional<Blob> blob);

    /**
     * Sends a Request that wants no answer. What cannot be delivered is dropped, counted and reported in the log.
     *
     * @throws IllegalArgumentException when the Request wants an answer or inherits
     */
    void tell(ProcessId from, Address target, Request request, Optional<Blob> blob);

    /** What became of a Request from another node. */
    enum Arrival {
        /** It is in its target's mailbox or will be soon; or it may not go there, and was dropped as the specification says. */
        TAKEN,
        /** Too much of what came from the same node waits for room. Nothing was done: offer it again a little later. */
        NO_ROOM
    }

    /**
     * Brings a Request that came from another node to its target, if that may hear from other nodes. Those of one source to
     * one target arrive in the order of the calls.
     *
     * @param request  its source is on the node that sent it, which must be certain; its target is on this one
     * @param answered given the Response, if one comes in time; not told of any other end. Called on the answering
     *                 process's thread: go on elsewhere for anything that takes time
     * @throws IllegalArgumentException when the source is on this node, or the target is not
     */
    Arrival arrive(Envelope request, Consumer<Envelope> answered);

    /**
     * Says which engine is to run a guest while it is there and can; the guest moves at its next receive. Durable when this
     * returns, for a process that comes back at the next boot.
     *
     * @param engine its name, such as {@code chicory}; empty: the one preferred for all
     * @return false when there is no guest of that name
     */
    boolean chooseEngine(ProcessId process, Optional<String> engine);

    /** All processes that have an address on this node, in order of their ids: a snapshot. */
    List<ProcessStatus> processes();

    /**
     * Why the last run of a process that ended with an error did so; also of a process that is gone by now. Empty when none
     * has since it was made or updated, or when so many have failed meanwhile that it is forgotten.
     */
    Optional<String> failure(ProcessId id);
}
