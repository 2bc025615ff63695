package org.ashlar.kernel;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.SignedCapability;

/**
 * What a message keeps of the heap, in bytes, about: unlike {@link Envelope#weight()} without what of a blob lies in a file. Never
 * changes for one message.
 */
final class Weight {
    /** What weighs no more is bounded by its number alone, so that counting costs small messages nothing. */
    static final int SMALL = 1_024;
    private static final int OVERHEAD = 128;

    private Weight() { }

    static long of(Envelope envelope) {
        return of(envelope.message(), envelope.blob());
    }

    static long of(Optional<Blob> blob) {
        return blob.isPresent() && blob.get() instanceof Blob.InMemory content ? content.length() : 0;
    }

    static long of(Message message, Optional<Blob> blob) {
        long weight = OVERHEAD + message.body().length;
        if (message.metadata().isPresent()) {
            weight += message.metadata().get().length();
        }
        weight += of(blob);
        List<SignedCapability> carried = message.capabilities();
        for (int i = 0; i < carried.size(); i++) {
            weight += OVERHEAD + carried.get(i).capability().params().length();
        }
        return weight;
    }
}
