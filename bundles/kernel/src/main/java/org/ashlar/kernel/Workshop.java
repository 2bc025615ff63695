package org.ashlar.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where work is done that must not happen on a virtual thread: reading files and compiling guests, on a few platform
 * threads. The caller waits, parked.
 */
final class Workshop implements AutoCloseable {
    private static final long POLL_NANOS = 20_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

    private final Providers<GuestRuntime> runtimes;
    private final Providers<FileStore> files;
    private final ComponentFiles components;
    private final NodeClock clock;
    private final ExecutorService threads;

    Workshop(Providers<GuestRuntime> runtimes, Providers<FileStore> files, Images images, Machine machine) {
        this.runtimes = runtimes;
        this.files = files;
        this.components = new ComponentFiles(images);
        this.clock = machine.clock();
        this.threads = machine.work();
    }

    /** A program and what made it. */
    record Loaded(GuestRuntime runtime, GuestProgram program) { }

    /**
     * Compiles {@code component} on the preferred runtime, or on the next when that is taken out for what it throws. The
     * caller waits for one to come, and for an engine, not one of the few threads: others need those meanwhile.
     *
     * @param engine   name of the engine to prefer; empty: the one preferred for all
     * @param patience how long; zero: not at all
     * @throws GuestException with the phase ABSENT when there was none
     */
    Loaded load(byte[] component, Optional<String> engine, Duration patience) throws GuestException {
        long deadline = clock.nanos() + patience.toNanos();
        while (true) {
            try (Providers.Lease<GuestRuntime> lease = runtimes.lease(Duration.ofNanos(deadline - clock.nanos()))
                    .orElseThrow(() -> new GuestException(GuestException.Phase.ABSENT,
                            "no guest runtime is running; deploy one and try again", null))) {
                try {
                    GuestRuntime runtime = lease.service();
                    Optional<GuestProgram> atHand = runtime.loaded(component, engine);
                    return new Loaded(runtime, atHand.isPresent() ? atHand.get() : await(() -> runtime.load(component, engine)));
                } catch (RuntimeException | Error e) {
                    if (!lease.failed(e)) {
                        throw e;
                    }
                }
            } catch (GuestException e) {
                if (e.phase() != GuestException.Phase.ABSENT || clock.nanos() >= deadline) {
                    throw e;
                }
            }
            clock.park(this, POLL_NANOS);
        }
    }

    /** The component in a file of a package; empty, with a line in the log, when it cannot be had. Not to be modified. */
    Optional<byte[]> read(String path) {
        return tryFiles("read " + path, store -> components.read(store, path));
    }

    /** The folder of a package's scratch drive. */
    Optional<Path> scratch(PackageId owner) {
        return tryFiles("make the scratch drive of " + owner, store -> store.drive(owner, FileStore.SCRATCH_DRIVE));
    }

    private <T> Optional<T> tryFiles(String what, Providers.Question<FileStore, T, IOException> call) {
        try {
            return Optional.of(await(() ->
                    files.ask(Providers.GRACE, call, () -> new IOException("no file store is running"))));
        } catch (IOException e) {
            LOG.info("could not {}: {}", what, e.toString());
            return Optional.empty();
        }
    }

    /** Runs {@code work} here and waits for it; what it throws comes out as it is. */
    private <T, E extends Exception> T await(Work<T, E> work) throws E {
        Job<T> job = new Job<>(work, new CompletableFuture<>());
        try {
            threads.execute(job);
        } catch (RejectedExecutionException e) {
            throw closed();
        }
        try {
            return job.result.join();
        } catch (CompletionException e) {
            throw Workshop.<E>sneaked(e.getCause());
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the node is stopping");
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> E sneaked(Throwable cause) throws E {
        if (cause instanceof Error error) {
            throw error;
        }
        return (E) cause;
    }

    @Override
    public void close() {
        for (Runnable each : threads.shutdownNow()) {
            ((Job<?>) each).result.completeExceptionally(closed());
        }
    }

    private record Job<T>(Work<T, ?> work, CompletableFuture<T> result) implements Runnable {
        @Override
        public void run() {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }
    }

    private interface Work<T, E extends Exception> {
        T call() throws E;
    }
}
