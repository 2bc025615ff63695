package org.ashlar.component;

/**
 * An owned or borrowed resource that a component defines, in the hands of the embedder. Opaque: it can be passed to
 * functions of the same instance. Passing it where the function takes ownership consumes it.
 */
public interface GuestResource {
    /**
     * Runs the component's destructor for an owned resource; does nothing for one already passed on or dropped, or borrowed.
     */
    void drop();
}
