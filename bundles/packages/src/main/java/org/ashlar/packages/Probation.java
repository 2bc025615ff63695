package org.ashlar.packages;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.ProcessStatus.State;

/**
 * The first moments of new processes: those that end with an error within them fail the installation. The kernel tells of
 * such an end to everybody who listens, so this listens.
 */
final class Probation implements PrintSink {
    /** How long a process must hold out once it runs, in milliseconds. */
    static final long MILLIS = 1000;
    /** How long it may take to begin to run, in milliseconds. */
    private static final long START_MILLIS = 10_000;
    private static final long POLL_MILLIS = 20;
    /** What the kernel prints at verbosity 0 of a process that has failed (reference-kernel 3.3). */
    private static final String FAILED = " ended with error";

    private final BooleanSupplier stopped;
    private final Map<ProcessId, String> failures = new ConcurrentHashMap<>();
    private volatile Optional<PackageId> watched = Optional.empty();

    /** @param stopped whether to give up: this bundle is leaving */
    Probation(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    @Override
    public void print(Printout printout) {
        boolean ours = watched.isPresent() && printout.source().packageId().equals(watched.get());
        if (ours && printout.verbosity() == 0 && printout.text().contains(FAILED)) {
            failures.putIfAbsent(printout.source(), printout.text().lines().findFirst().orElse(FAILED));
        }
    }

    /** Begins to listen; to be called before the processes are started. */
    void begin(PackageId owner) {
        failures.clear();
        watched = Optional.of(owner);
    }

    void end() {
        watched = Optional.empty();
    }

    /** Waits until all of {@code ids} have held out. @throws PackageException as soon as one has not */
    void pass(KernelClient kernel, PackageId owner, Collection<ProcessId> ids) throws PackageException {
        long start = System.nanoTime();
        long running = start;
        while (millisSince(running) < MILLIS) {
            for (ProcessId id : ids) {
                if (failures.containsKey(id)) {
                    throw new PackageException(failures.get(id));
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
