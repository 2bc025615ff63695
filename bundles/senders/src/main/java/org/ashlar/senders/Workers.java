package org.ashlar.senders;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.process.Reply;
import org.ashlar.api.service.Providers;

/**
 * Carries out the Requests to a system process that waits for files, on a few platform threads. A call waits for its end, so
 * that the Requests of one sender are carried out and answered in the order they were sent; so no more wait than there are
 * senders. Any thread may call.
 */
public final class Workers implements AutoCloseable {
    /** How long a call watches for the end of brief work before it parks: guests of its processor wait meanwhile. */
    static final long WATCH_NANOS = 20_000;
    private static final Runnable NOTHING = () -> { };

    private final Crew crew;
    private final Patience patience = new Patience();

    /**
     * @param name  of the threads, before their number
     * @param count Requests that are carried out at one time; a sender has one under way, so this many can hold up the others
     */
    public Workers(String name, int count) {
        crew = new Crew(name, count);
    }

    /**
     * Runs {@code answer} and returns when it has ended; hands the Request back after {@link #close}. One from another node is
     * passed over: only this node's own processes are served.
     *
     * @throws java.util.concurrent.CompletionException when {@code answer} throws
     */
    public void handle(Envelope request, Reply reply, Runnable answer) {
        begin(request, reply, () -> {
            answer.run();
            return NOTHING;
        }).ifPresent(CompletableFuture::join);
    }

    /**
     * As {@link #handle}, for work that is mostly done within microseconds: its end is watched for, for a moment, and what it comes to is
     * answered by the caller. Whom the answer wakes goes on where the caller is, and no other processor is woken for it.
     *
     * @param work gives what answers; that must not wait for files
     */
    public void handleBrief(Envelope request, Reply reply, Supplier<Runnable> work) {
        begin(request, reply, work).ifPresent(answer -> {
            if (patience.hasNow()) {
                patience.cameOf(watch(answer));
            }
            answer.join().run();
        });
    }

    private Optional<CompletableFuture<Runnable>> begin(Envelope request, Reply reply, Supplier<Runnable> work) {
        if (request.source().node().equals(request.target().node())) {
            try {
                return Optional.of(CompletableFuture.supplyAsync(work, crew));
            } catch (RejectedExecutionException e) {
                reply.handBack();
            }
        }
        return Optional.empty();
    }

    private static boolean watch(CompletableFuture<?> end) {
        long until = System.nanoTime() + WATCH_NANOS;
        while (!end.isDone() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return end.isDone();
    }

    /** Ends what was begun, waiting at most {@link Providers#DRAIN}. */
    @Override
    public void close() {
        try {
            crew.close(Providers.DRAIN.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
