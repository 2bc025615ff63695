package org.ashlar.api.net;

import java.util.List;
import java.util.Optional;

/**
 * Knows nodes by their names.
 * <p>
 * Life cycle: registered as a service while it can be asked; hold it {@code 0..n}, dynamic. Methods may be called on any
 * thread; {@link #find} must answer at once, from memory, because it is asked while a stranger waits at the door.
 */
public interface Directory {
    /** What is known of the node {@code name}. */
    Optional<NodeCard> find(String name);

    /** Whether the person who runs the node wants nothing to do with {@code name}, whatever other directories say. */
    default boolean blocks(String name) {
        return false;
    }

    /** All nodes it knows, in order of their names: a snapshot. */
    List<NodeCard> list();
}
