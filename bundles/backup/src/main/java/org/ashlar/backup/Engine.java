package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.files.Durable;
import org.ashlar.repository.Options;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing after another, on one platform thread: runs, catch-up, verification, what a person asked for.
 * <p>
 * Life cycle: made with the bundle, works until {@link #close}; what is queued then is given up, and what runs ends at its next write.
 * A target that comes is caught up; one that goes is missed by nobody.
 */
final class Engine implements AutoCloseable {
    /** Most jobs that wait. */
    static final int WAITING = 16;
    /** Longest that a job may take to end when the bundle goes. */
    private static final long STOP_MILLIS = Providers.DRAIN.toMillis();
    /** Jobs that are remembered after their end. */
    private static final int REMEMBERED = 32;
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final Clock clock;
    private final Targets targets;
    private final Ledger ledger;
    private final Vault vault;
    private final Runs runs;
    private final Supplier<String> node;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Deque<Job> jobs = new ArrayDeque<>();
    private volatile boolean closing;

    /** @param home of the node; @param node its name; @param parts what is cut for a snapshot, at the moment */
    Engine(Path home, Supplier<String> node, Supplier<Collection<Snapshotable>> parts, Clock clock, Duration patience) throws IOException {
        this.clock = clock;
        this.node = node;
        Path folder = home.resolve("backup");
        Path scratch = Files.createDirectories(home.resolve("cache").resolve("backup"));
        Durable.deleteTree(scratch); // what a crash left
        Files.createDirectories(scratch);
        Supplier<Options> options = () -> Options.here(scratch).withHostname(node.get()).withClock(clock);
        this.ledger = Ledger.read(folder.resolve("ledger.json"));
        this.targets = new Targets(patience);
        this.vault = new Vault(folder, targets, ledger, options);
        this.runs = new Runs(home, scratch, parts, targets, ledger, clock, node);
        this.thread = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("ashlar-backup").factory());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    Targets targets() {
        return targets;
    }

    Ledger ledger() {
        return ledger;
    }

    Vault vault() {
        return vault;
    }

    Runs runs() {
        return runs;
    }

    /** The node's name. */
    String node() {
        return node.get();
    }

    Clock clock() {
        return clock;
    }

    /**
     * Queues a job.
     *
     * @throws IllegalStateException when too many wait, or the engine is closed
     */
    Job submit(Job.Work work) {
        if (waiting.incrementAndGet() > WAITING) {
            waiting.decrementAndGet();
            throw new IllegalStateException(WAITING + " things wait to be done about backups already, the most there may be; try again later");
        }
        Job job = new Job(lastId.incrementAndGet(), () -> closing);
        remember(job);
        try {
            thread.execute(() -> run(job, work));
        } catch (java.util.concurrent.RejectedExecutionException e) {
            waiting.decrementAndGet();
            throw new IllegalStateException("backups are being replaced or stopped; try again", e);
        }
        return job;
    }

    private void run(Job job, Job.Work work) {
        waiting.decrementAndGet();
        try {
            job.progress("begins");
            job.end(Job.Outcome.done(work.run(job)));
        } catch (Job.PasswordNeeded e) {
            job.end(Job.Outcome.needs(e.which));
        } catch (Job.CredentialNeeded e) {
            job.end(Job.Outcome.needs(e.parts));
        } catch (Exception e) {
            LOG.debug("a job about backups failed", e);
            job.end(Job.Outcome.failed(Words.reason(e)));
        } catch (Error e) {
            job.end(Job.Outcome.failed(Words.reason(e)));
            throw e;
        }
    }

    /** For what the engine does by itself. */
    Job unseen() {
        return new Job(0, () -> closing);
    }

    private void remember(Job job) {
        synchronized (jobs) {
            jobs.addLast(job);
            while (jobs.size() > REMEMBERED + WAITING) {
                jobs.removeFirst();
            }
        }
    }

    Optional<Job> job(long id) {
        synchronized (jobs) {
            return jobs.stream().filter(job -> job.id() == id).findFirst();
        }
    }

    /** What runs or waits now. */
    Optional<Job> current() {
        synchronized (jobs) {
            return jobs.stream().filter(job -> job.outcome().isEmpty()).findFirst();
        }
    }

    /** A target has come: it is caught up, once the password is known. */
    void arrived(String target) {
        if (!vault.isOpen() && !vault.isKept()) {
            return;
        }
        try {
            submit(job -> {
                runs.settle(vault.repository(Optional.empty()), job);
                return target + " was caught up";
            });
        } catch (IllegalStateException e) {
            LOG.debug("{} is caught up later: {}", target, e.getMessage());
        }
    }

    /** Calls {@code tick} on the engine's thread every so often, when nothing else is done. */
    void every(Duration period, Runnable tick) {
        thread.scheduleWithFixedDelay(() -> {
            try {
                tick.run();
            } catch (RuntimeException | Error e) { // what a tick throws would be the last tick
                LOG.warn("backups: {}", Words.reason(e), e);
            }
        }, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {
        closing = true;
        thread.getQueue().clear();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("a run about backups did not end in time; its lock on the targets counts for half an hour");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
        targets.replicas().close();
        vault.close();
    }
}
