package org.ashlar.wasi;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/** Takes file work off the guest's thread, which parks meanwhile. */
final class Blocking {
    private final Executor executor;
    private final Parker parker;

    Blocking(Executor executor, Parker parker) {
        this.executor = executor;
        this.parker = parker;
    }

    /**
     * Has the work done. When the guest is stopped meanwhile, that is thrown and the work goes on without it: what it opens
     * is then closed with its context.
     */
    <T> T call(FileWork<T> work) throws FileError {
        CompletableFuture<T> outcome = start(work);
        while (!outcome.isDone()) {
            parker.park(Long.MAX_VALUE);
        }
        return outcomeOf(outcome);
    }

    /** Has the work done even when the guest is being stopped. */
    <T> T callToTheEnd(FileWork<T> work) throws FileError {
        return outcomeOf(start(work));
    }

    private <T> CompletableFuture<T> start(FileWork<T> work) throws FileError {
        Thread guest = Thread.currentThread();
        CompletableFuture<T> outcome = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                complete(outcome, work);
                LockSupport.unpark(guest);
            });
        } catch (RejectedExecutionException e) {
            throw new FileError(ErrorCode.BUSY, "too many guests wait for file work");
        }
        return outcome;
    }

    private static <T> void complete(CompletableFuture<T> outcome, FileWork<T> work) {
        try {
            outcome.complete(work.run());
        } catch (Throwable e) {
            // Handed on to the guest's thread, which would wait for ever without it.
            outcome.completeExceptionally(e);
        }
    }

    private static <T> T outcomeOf(CompletableFuture<T> outcome) throws FileError {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case FileError error -> throw error;
                case IOException error -> throw FileError.of(error);
                case RuntimeException error -> throw error;
                case Error error -> throw error;
                default -> throw e;
            }
        }
    }
}
