package org.ashlar.api.message;

import java.util.List;
import java.util.Optional;

/**
 * A message on its way (the specification's {@code KernelMessage}, reference-kernel 2.1).
 *
 * @param id      correlates a Response with its Request; an inheriting Request carries its parent's
 * @param source  who sent it; stamped by the kernel, never by the sender
 * @param target  where it goes
 * @param rsvp    who gets the Response, when that is not {@code source}
 * @param message what is said
 * @param blob    the bytes beside it
 */
public record Envelope(long id, Address source, Address target, Optional<Address> rsvp, Message message,
                       Optional<Blob> blob) {
    private static final int OVERHEAD = 128;

    /** Who a Response to this goes to. */
    public Address respondTo() {
        return rsvp.orElse(source);
    }

    /** Whether an answer to this can arrive anywhere. */
    public boolean repliable() {
        return message instanceof Request request && (request.expectsResponse().isPresent() || rsvp.isPresent());
    }

    /** What this counts for on its way to another node, in bytes: body, blob, metadata, capabilities and a fixed overhead. */
    public long weight() {
        long weight = OVERHEAD + message.body().length + blob.map(Blob::length).orElse(0L)
                + message.metadata().map(String::length).orElse(0);
        List<SignedCapability> carried = message.capabilities();
        for (int i = 0; i < carried.size(); i++) { // asked several times for each message: no iterator
            weight += OVERHEAD + carried.get(i).capability().params().length();
        }
        return weight;
    }
}
