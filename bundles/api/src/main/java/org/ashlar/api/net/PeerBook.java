package org.ashlar.api.net;

import java.io.IOException;
import java.util.List;

/**
 * A directory that the person who runs the node keeps by hand. What a method changed is on disk when it returns. The methods
 * that change do file I/O: not to be called on virtual threads.
 */
public interface PeerBook extends Directory {
    /** Most nodes in it, blocked ones included. */
    int MAX = 10_000;

    /**
     * Writes down a node; a card with the same name is replaced, and a block on it lifted.
     *
     * @throws IOException when it cannot be kept, or there are {@link #MAX} already
     */
    void put(NodeCard card) throws IOException;

    /** Forgets a node, and that it was blocked. @return whether anything was known of it */
    boolean remove(String name) throws IOException;

    /** Blocks a node, known or not. */
    void block(String name) throws IOException;

    /** The names of the nodes that are blocked, in order. */
    List<String> blocked();
}
