package org.ashlar.repository;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;

/** Something that is backed up: a file, a folder, a link. Used on platform threads, one at a time. */
public interface Source {
    /** What it is, without content and subtree. */
    Node node();

    /** What is in a folder, in any order; names must differ. */
    List<Source> children(Problems problems) throws IOException;

    /** A file's bytes, from its beginning. The caller closes it. */
    ReadableByteChannel open() throws IOException;

    /** What of a {@link Node} takes long to find out and is wanted only when it has changed: attributes, a link's target. */
    default Node complete() throws IOException {
        return node();
    }

    /** Takes down what could not be read, and goes on. */
    interface Problems {
        void report(String what, Exception why);
    }
}
