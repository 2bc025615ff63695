package org.ashlar.packages;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.ProcessStatus.State;

/**
 * The first moments of new processes: those that end with an error within them fail the installation. The kernel knows why,
 * also when such a process is gone by then.
 */
final class Probation {
    /** How long a process must hold out once it runs, in milliseconds. */
    static final long MILLIS = 1000;
    /** How long it may take to begin to run, in milliseconds. */
    private static final long START_MILLIS = 10_000;
    private static final long POLL_MILLIS = 20;

    private final BooleanSupplier stopped;

    /** @param stopped whether to give up: this bundle is leaving */
    Probation(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    /** Waits until all of {@code ids} have held out. @throws PackageException as soon as one has not */
    void pass(KernelClient kernel, PackageId owner, Collection<ProcessId> ids) throws PackageException {
        long start = System.nanoTime();
        long running = start;
        while (millisSince(running) < MILLIS) {
            for (ProcessId id : ids) {
                Optional<String> failure = kernel.failure(id);
                if (failure.isPresent()) {
                    throw new PackageException("process " + id + " ended with error: "
                            + failure.get().lines().findFirst().orElse("no reason was given"));
                }
            }
            if (stopped.getAsBoolean()) {
                throw new PackageException("the packages bundle is being replaced; try again");
            }
            if (anyStarting(kernel.processes(owner), ids)) {
                running = System.nanoTime();
                if (millisSince(start) > START_MILLIS) {
                    throw new PackageException("its processes did not begin to run within " + START_MILLIS / 1000 + " s");
                }
            }
            sleep();
        }
    }

    private static boolean anyStarting(Map<ProcessId, ProcessStatus> now, Collection<ProcessId> ids) {
        List<State> early = List.of(State.INITIALIZED, State.STARTING, State.DRAINING, State.EMPTY);
        return ids.stream().map(now::get).anyMatch(status -> status != null && early.contains(status.state()));
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static void sleep() throws PackageException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PackageException("watching over the new processes was interrupted", e);
        }
    }
}
