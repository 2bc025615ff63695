package org.ashlar.sim;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;

/**
 * A virtual thread that a loop carries. What such a thread starts, by whatever way, is carried by the same loop: that is how all
 * of a node's code comes under its control. Not public in the JDK; the option
 * {@code --add-opens=java.base/java.lang=ALL-UNNAMED} opens it.
 */
final class Fiber implements Executor {
    private static final MethodHandle MAKE = find();

    private final Loop loop;
    private final Life life;
    private Thread thread;
    /** The one object by which the JDK has this thread go on; others are those of threads that it started. */
    private Runnable own;
    /** Whether the loop has its next piece. Used by the loop's thread. */
    private boolean queued;

    private Fiber(Loop loop, Life life) {
        this.loop = loop;
        this.life = life;
    }

    /** Starts {@code work} on a virtual thread of which {@code loop} is given each piece to run. */
    static Thread start(Loop loop, Life life, String name, Runnable work) {
        Fiber made = new Fiber(loop, life);
        try {
            made.thread = (Thread) MAKE.invokeExact((Executor) made, name, 0, work);
        } catch (Throwable e) {
            throw new AssertionError("making a virtual thread throws nothing", e);
        }
        made.thread.start();
        return made.thread;
    }

    /** Called by the JDK, on whatever thread made this one ready to go on. */
    @Override
    public void execute(Runnable piece) {
        if (own == null) {
            own = piece;
        }
        loop.ready(new Loop.Ready(life, piece, piece == own ? this : null));
    }

    void queued(boolean now) {
        queued = now;
    }

    /**
     * Whether it wanted a lock of the JVM's that another simulation has at the moment: it neither waits for anything of this
     * simulation nor has been made ready by it. Asked by the loop's thread between two pieces.
     */
    boolean isHeldUp() {
        Thread.State state = thread.getState();
        return !queued && (state == Thread.State.BLOCKED || state == Thread.State.RUNNABLE);
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
