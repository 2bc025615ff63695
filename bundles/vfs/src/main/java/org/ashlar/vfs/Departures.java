package org.ashlar.vfs;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.service.Providers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the files of processes that have ended, or have begun anew since: looks once a second, while there are any open.
 * Processes that the kernel does not know, as the terminal speaks for, keep theirs while they use them.
 */
final class Departures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
    private static final int SECONDS = 1;
    /** How long a file of a process that is not there stays open unused, in milliseconds. */
    private static final long IDLE_MILLIS = 30_000;

    private final Handles handles;
    private final Providers<Kernel> kernels;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("ashlar-vfs-departures").daemon().factory());

    Departures(Handles handles, Providers<Kernel> kernels) {
        this.handles = handles;
        this.kernels = kernels;
        timer.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        if (handles.count() == 0) {
            return;
        }
        try (Providers.Lease<Kernel> lease = kernels.lease().orElse(null)) {
            if (lease != null) {
                closeEnded(lease.service());
            }
        } catch (RuntimeException e) {
            LOG.warn("Looking for processes that have ended", e);
        }
    }

    void closeEnded(Kernel kernel) {
        Map<ProcessId, ProcessStatus> running = new HashMap<>();
        kernel.processes().forEach(status -> running.put(status.id(), status));
        long now = System.currentTimeMillis();
        handles.closeEnded(process -> {
            ProcessStatus status = running.get(process);
            long bound = status == null ? now - IDLE_MILLIS
                    : status.startedAt().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
            return handle -> handle.usedAt() < bound;
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
