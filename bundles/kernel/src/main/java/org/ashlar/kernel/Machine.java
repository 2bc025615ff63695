package org.ashlar.kernel;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * All that the kernel has from the machine it runs on: time, chance and threads. A simulation puts its own in their place.
 *
 * @param clock    the time, and waiting for it to pass
 * @param ids      gives ids that cannot be guessed from those seen before
 * @param threads  what guests run on
 * @param calls    runs the calls to system processes
 * @param commands runs the kernel's own commands: on platform threads, so that a guest which spins on every virtual one can
 *                 still be killed
 * @param work     runs what must not be done on a virtual thread; shut down with the node
 * @param heap     what processes may have in the hands of the kernel
 */
record Machine(NodeClock clock, LongSupplier ids, GuestThreads threads, Executor calls, Executor commands, ExecutorService work,
               NodeHeap heap) {
    /** Platform threads that are there while there is something to do. */
    static ExecutorService pool(int threads, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name, 1).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
