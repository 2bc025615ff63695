package org.ashlar.kernel;

import java.util.concurrent.locks.LockSupport;

/** Where the virtual threads of guests come from, and how one of them lets the others have its processor. */
interface GuestThreads {
    /** Starts a virtual thread. */
    Thread start(String name, Runnable work);

    /** Called by a thread that was started here, now and then: lets those go first that are ready and wait for its processor. */
    void giveWay();

    /** Those of the JDK's own scheduler. */
    GuestThreads JDK = new GuestThreads() {
        @Override
        public Thread start(String name, Runnable work) {
            return Thread.ofVirtual().name(name).start(work);
        }

        /** Through the queue that all processors share; {@code Thread.yield} goes to the end of this one's, where two that chat stay. */
        @Override
        public void giveWay() {
            LockSupport.parkNanos(1);
        }
    };
}
