package org.ashlar.api.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A part of the node that can be seen as it was at one instant, the <em>cut</em>, while it goes on. {@link Snapshot} joins
 * the parts of a node, so that their cuts are the same instant.
 * <p>
 * A snapshot calls {@link #prepare} on all parts, then {@link #cut} on all, then {@link #open} as often as it likes, then
 * {@link #release}; one snapshot at a time. Called on a platform thread, each part's cut on one of its own.
 */
public interface Snapshotable {
    /** How long a cut may take, from its call until the part is at rest, in milliseconds: writers wait meanwhile. */
    long CUT_MILLIS = 100;

    /** Where this part's entries lie in a snapshot, such as {@code store}: a folder name. */
    String name();

    /**
     * Parts come to rest from the highest layer down. A part that waits for another one's commits while it holds back its
     * own lies above it; one that only keeps what it is given is on layer 0.
     */
    default int layer() {
        return 0;
    }

    /** Does beforehand what would make the cut slow, such as writing out caches. Nothing stands still yet. */
    void prepare() throws IOException;

    /**
     * Fixes the instant: comes to rest, so that nothing is acknowledged from then on; calls {@link Barrier#await} once;
     * remembers what is there; goes on. What was acknowledged before {@code await} returns is in; what is acknowledged
     * after it is not. Comes to rest within {@link #CUT_MILLIS} or throws. When it throws, it goes on as before and holds
     * nothing.
     */
    void cut(Barrier barrier) throws IOException;

    /** The content as of the cut, read while the node goes on. @throws IllegalStateException without a cut */
    List<Entry> open() throws IOException;

    /** Lets go of the cut; nothing happens without one. */
    void release();

    /** Where the parts of a snapshot wait until all are at rest: the moment that the snapshot shows. */
    @FunctionalInterface
    interface Barrier {
        /** For a part on its own: the moment is when it is at rest. */
        Barrier NONE = () -> { };

        /** @throws IOException when another part did not come to rest in time; there is no snapshot then */
        void await() throws IOException;
    }

    /** A file, a folder or a link of the snapshot. Folders that have entries need none of their own. */
    interface Entry {
        /** What an entry is. */
        enum Kind {
            FILE, FOLDER,
            /** A symbolic link. */
            LINK
        }

        default Kind kind() {
            return Kind.FILE;
        }

        /** Relative to {@link #name}, with {@code /} between its parts. */
        String path();

        /** The content of a file; may be called more than once before {@link #release}. The caller closes it. */
        InputStream read() throws IOException;

        /** How many bytes a file has, so that one can say how far it is; 0 where that is not known. Exact when there is a version. */
        default long size() {
            return 0;
        }

        /** Where a link leads; empty for what is none. */
        default String target() {
            return "";
        }

        /** When its content was last written, where that is known. */
        default Optional<Instant> modified() {
            return Optional.empty();
        }

        /** What tells whether a file is still what it was at an earlier cut; empty: it is read at every snapshot. */
        default Optional<Version> version() {
            return Optional.empty();
        }
    }

    /**
     * Whoever gives one promises: as long as it is equal at two cuts, the content is, too. So there is none for a file whose time of
     * change is so young that another change could leave it as it is.
     *
     * @param changed when content or name last changed, by a clock that nobody sets for a single file
     * @param inode   tells a file from another one that took its name
     */
    record Version(Instant changed, long inode) { }
}
