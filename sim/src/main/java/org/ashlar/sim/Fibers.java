package org.ashlar.sim;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;

/**
 * Virtual threads that an executor of ours carries. What such a thread starts, by whatever way, is carried by the same
 * executor: that is how all of a node's code comes under the control of one loop. Not public in the JDK; the option
 * {@code --add-opens=java.base/java.lang=ALL-UNNAMED} opens it.
 */
final class Fibers {
    private static final MethodHandle MAKE = find();

    private Fibers() { }

    /** Starts {@code work} on a virtual thread of which {@code carrier} is given each piece to run. */
    static Thread start(Executor carrier, String name, Runnable work) {
        Thread made;
        try {
            made = (Thread) MAKE.invokeExact(carrier, name, 0, work);
        } catch (Throwable e) {
            throw new AssertionError("making a virtual thread throws nothing", e);
        }
        made.start();
        return made;
    }

    private static MethodHandle find() {
        try {
            Lookup threads = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            return threads.findStatic(threads.findClass("java.lang.ThreadBuilders"), "newVirtualThread",
                    MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a simulation needs JDK 25 with the option --add-opens=java.base/java.lang=ALL-UNNAMED"
                    + " (for Maven, in the argLine of Surefire)", e);
        }
    }
}
