package org.ashlar.senders;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.process.Reply;
import org.ashlar.api.service.Providers;

/**
 * Carries out the Requests to a system process that waits for files, on a few platform threads. A call waits for its end, so
 * that the Requests of one sender are carried out and answered in the order they were sent; so no more wait than there are
 * senders. Any thread may call.
 */
public final class Workers implements AutoCloseable {
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /**
     * @param name  of the threads, before their number
     * @param count Requests that are carried out at one time; a sender has one under way, so this many can hold up the others
     */
    public Workers(String name, int count) {
        threads = new ThreadPoolExecutor(count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name, 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs {@code answer} and returns when it has ended; hands the Request back after {@link #close}. One from another node is
     * passed over: only this node's own processes are served.
     *
     * @throws java.util.concurrent.CompletionException when {@code answer} throws
     */
    public void handle(Envelope request, Reply reply, Runnable answer) {
        if (!request.source().node().equals(request.target().node())) {
            return;
        }
        try {
            CompletableFuture.runAsync(answer, threads).join();
        } catch (RejectedExecutionException e) {
            reply.handBack();
        }
    }

    /** Ends what was begun, waiting at most {@link Providers#DRAIN}. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(Providers.DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
