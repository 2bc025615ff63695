package org.ashlar.api.net;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Knows nodes by their names.
 * <p>
 * What a directory says is a claim: a node is talked to when the person who runs this one has written it down
 * ({@link PeerBook}) or confirmed what a directory says by its fingerprint. The one exception are addresses: those that a
 * directory gives beside the key that is written down are used. A directory that reads cards from elsewhere gives only those
 * that their own key has signed.
 * <p>
 * Life cycle: registered as a service while it can be asked; hold it {@code 0..n}, dynamic. Its service ranking says where in
 * the order of directories it stands, the highest first. {@link #find}, {@link #blocks} and {@link #list} may be called on
 * any thread and must answer at once, from memory, because they are asked while a stranger waits at the door.
 */
public interface Directory {
    /** The longest that {@link #search} takes. */
    Duration SEARCH = Duration.ofSeconds(5);

    /** What it is called before people: a word of at most 200 visible characters, such as {@code lan}. */
    String source();

    /** What it knows of the node {@code name}: nothing, a card, or several with different keys. */
    List<NodeCard> find(String name);

    /** Whether the person who runs the node wants nothing to do with {@code name}, whatever other directories say. */
    default boolean blocks(String name) {
        return false;
    }

    /** All nodes it knows, in order of their names: a snapshot. */
    List<NodeCard> list();

    /**
     * Looks for {@code name} where that takes time; what is found is given by {@link #find} from then on, and what is not
     * there any more no longer. Called when a person asks for a node. Takes at most {@link #SEARCH}; does I/O: not to be
     * called on virtual threads.
     *
     * @throws IOException when it could not be looked for, with a line for a person
     */
    default void search(String name) throws IOException { }

    /**
     * Tells this node's own card, when the directory arrives and whenever the card changes; a directory that makes nodes
     * known to others may then do so, if it was told to. Must return at once.
     *
     * @param signature the node's, over the card as text; 64 bytes, not to be modified
     */
    default void announce(NodeCard own, byte[] signature) { }
}
