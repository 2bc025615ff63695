package org.ashlar.api.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A part of the node that can be seen as it was at one instant, the <em>cut</em>, while it goes on.
 * <p>
 * A snapshot calls {@link #prepare} on all parts, then {@link #cut} on all, then {@link #open} as often as it likes, then
 * {@link #release}; one snapshot at a time. Called on a platform thread.
 */
public interface Snapshotable {
    /** Where this part's entries lie in a snapshot, such as {@code store}: a folder name. */
    String name();

    /** Does beforehand what would make the cut slow, such as writing out caches. Nothing stands still yet. */
    void prepare() throws IOException;

    /**
     * Fixes the instant. What was acknowledged before this was called is in; what is acknowledged after it has returned
     * is not. Bounded: returns within 100 ms or throws, and then holds nothing.
     */
    void cut() throws IOException;

    /** The content as of the cut, read while the node goes on. @throws IllegalStateException without a cut */
    List<Entry> open() throws IOException;

    /** Lets go of the cut; nothing happens without one. */
    void release();

    /** A file of the snapshot. */
    interface Entry {
        /** Relative to {@link #name}, with {@code /} between its parts. */
        String path();

        /** The content; may be called more than once before {@link #release}. The caller closes it. */
        InputStream read() throws IOException;
    }
}
