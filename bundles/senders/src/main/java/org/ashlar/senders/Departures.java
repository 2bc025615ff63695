package org.ashlar.senders;

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
 * Tells a system process which of those that it keeps something open for have ended, or have begun anew since: looks once
 * a second, while anything is open. Those that the kernel does not know, as the terminal speaks for, count as ended when
 * they have used nothing for a while.
 */
public final class Departures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
    private static final int SECONDS = 1;
    /** How long something of a process that is not there stays open unused, in milliseconds. */
    private static final long IDLE_MILLIS = 30_000;

    private final Providers<Kernel> kernels;
    private final Holdings holdings;
    private final ScheduledThreadPoolExecutor timer;

    /** What is open for processes. */
    public interface Holdings {
        boolean isEmpty();

        /** Closes what belongs to processes that have ended. Called on a thread of its own. */
        void closeEnded(Ended ended);
    }

    /** Knows which processes have ended. */
    @FunctionalInterface
    public interface Ended {
        /** @param usedAt when the process last used what is open, in milliseconds since 1970 */
        boolean since(ProcessId process, long usedAt);
    }

    /** @param name of the thread */
    public Departures(String name, Providers<Kernel> kernels, Holdings holdings) {
        this.kernels = kernels;
        this.holdings = holdings;
        timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).daemon().factory());
        timer.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        if (holdings.isEmpty()) {
            return;
        }
        try (Providers.Lease<Kernel> lease = kernels.lease().orElse(null)) {
            if (lease != null) {
                holdings.closeEnded(ended(lease.service()));
            }
        } catch (RuntimeException e) {
            LOG.warn("Looking for processes that have ended", e);
        }
    }

    /** Who has ended, as of now. */
    public static Ended ended(Kernel kernel) {
        Map<ProcessId, ProcessStatus> running = new HashMap<>();
        kernel.processes().forEach(status -> running.put(status.id(), status));
        long now = System.currentTimeMillis();
        return (process, usedAt) -> {
            ProcessStatus status = running.get(process);
            return usedAt < (status == null ? now - IDLE_MILLIS
                    : status.startedAt().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
