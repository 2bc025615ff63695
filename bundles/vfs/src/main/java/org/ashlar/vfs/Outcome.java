package org.ashlar.vfs;

import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.VfsResponse;

/**
 * What an action came to.
 *
 * @param share what its blob takes of the {@link ReadBudget}; closed when the answer is given
 */
record Outcome(VfsResponse answer, Optional<Blob> blob, ReadBudget.Share share) {
    static final Outcome DONE = of(new VfsResponse.Done());
    private static final Optional<String> OCTETS = Optional.of("application/octet-stream");

    static Outcome of(VfsResponse answer) {
        return new Outcome(answer, Optional.empty(), ReadBudget.Share.NOTHING);
    }

    /** The content goes into the blob. */
    static Outcome read(byte[] content, ReadBudget.Share share) {
        return new Outcome(new VfsResponse.Read(), Optional.of(Blob.of(OCTETS, content)), share);
    }
}
