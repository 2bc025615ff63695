package org.ashlar.vfs;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.VfsRequest;

/**
 * The body of a Request, read.
 *
 * @param body nothing when it cannot be read
 * @param path that it names; nothing when that leads to no drive, or out of all
 */
record Asked(Optional<VfsRequest> body, Optional<DrivePath> path) {
    private static Asked read(byte[] bytes) {
        try {
            VfsRequest body = VfsRequest.parse(bytes);
            return new Asked(Optional.of(body), path(body.path()));
        } catch (CodecException e) {
            return new Asked(Optional.empty(), Optional.empty());
        }
    }

    private static Optional<DrivePath> path(String path) {
        try {
            return Optional.of(DrivePath.parse(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads bodies, and remembers some: who works through a file asks the same for each piece of it. Any thread. */
    static final class Reader {
        /** Most that are remembered; of two that fall on one place the later. */
        static final int REMEMBERED = 64;
        /** Longest body that is, in bytes. */
        static final int LONGEST = 512;

        private final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(REMEMBERED);

        private record Known(byte[] bytes, Asked asked) { }

        Asked read(byte[] bytes) {
            if (bytes.length > LONGEST) {
                return Asked.read(bytes);
            }
            int hash = Arrays.hashCode(bytes);
            int place = (hash ^ hash >>> 16) & REMEMBERED - 1;
            Known last = known.get(place);
            if (last == null || !Arrays.equals(last.bytes, bytes)) {
                last = new Known(bytes, Asked.read(bytes));
                known.setRelease(place, last);
            }
            return last.asked;
        }
    }
}
