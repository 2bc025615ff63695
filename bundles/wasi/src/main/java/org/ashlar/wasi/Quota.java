package org.ashlar.wasi;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * How much a drive may hold, and holds. What guests do is counted as they do it; what others do in the folder is seen when
 * it is measured anew: before a refusal, and once a minute while guests write. Guarded by the drive's lock.
 */
final class Quota {
    private static final long STALE = TimeUnit.MINUTES.toNanos(1);
    /** A guest at its limit shall not have the whole drive walked for each of its writes. */
    private static final long BETWEEN_REFUSALS = TimeUnit.SECONDS.toNanos(1);

    private final Use limit;
    private final FileWork<Use> measure;
    private Use used = new Use(0, 0);
    private boolean measured;
    private long measuredAt;

    /** @param measure finds what the drive holds */
    Quota(Use limit, FileWork<Use> measure) {
        this.limit = limit;
        this.measure = measure;
    }

    /** Takes room, or refuses and takes none. */
    void take(Use wanted) throws IOException, FileError {
        measureWhenOlderThan(STALE);
        if (!fits(wanted)) {
            measureWhenOlderThan(BETWEEN_REFUSALS);
        }
        if (!fits(wanted)) {
            throw new FileError(ErrorCode.QUOTA, "the drive holds " + used + "; its quota is " + limit);
        }
        used = used.plus(wanted);
    }

    /** Gives room back. */
    void give(Use freed) {
        used = used.minus(freed);
    }

    private boolean fits(Use wanted) {
        // Growing nothing is always allowed: a drive that is over its quota can still be put in order.
        return (wanted.bytes == 0 || wanted.bytes <= limit.bytes - used.bytes)
                && (wanted.files == 0 || wanted.files <= limit.files - used.files);
    }

    private void measureWhenOlderThan(long nanos) throws IOException, FileError {
        if (!measured || System.nanoTime() - measuredAt > nanos) {
            used = measure.run();
            measured = true;
            measuredAt = System.nanoTime();
        }
    }

    /**
     * An amount.
     *
     * @param bytes of the contents of regular files, by their length
     * @param files files, directories and links
     */
    record Use(long bytes, long files) {
        static Use ofBytes(long bytes) {
            return new Use(bytes, 0);
        }

        static Use ofFiles(long files) {
            return new Use(0, files);
        }

        Use plus(Use other) {
            return new Use(bytes + other.bytes, files + other.files);
        }

        Use minus(Use other) {
            return new Use(Math.max(0, bytes - other.bytes), Math.max(0, files - other.files));
        }

        @Override
        public String toString() {
            return bytes + " bytes in " + files + " files";
        }
    }
}
