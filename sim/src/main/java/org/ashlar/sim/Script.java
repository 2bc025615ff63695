package org.ashlar.sim;

import org.ashlar.api.process.GuestHost;

/**
 * A process, as a function of what a guest can do. It is run on one thread, and like any guest may wait in {@code receive} and
 * {@code sendAndAwait}, and nowhere else; its only clock is the timer, its only source of chance what it is given. Run anew after a
 * restart, so it keeps what is to last in its state ({@code setState}), and nothing in fields.
 */
@FunctionalInterface
public interface Script {
    /** @param host what it can do. Whatever it throws is a trap */
    void run(GuestHost host);
}
