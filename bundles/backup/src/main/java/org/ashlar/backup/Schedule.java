package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs by itself, once the password is known: every so often, or soon after something has changed, and reads back now and then. What fails is
 * tried again after growing pauses. On the engine's thread.
 */
final class Schedule {
    /** How often a node looks whether something is due. */
    static final Duration TICK = Duration.ofSeconds(5);
    /** A target that lacks something is tried again so often. */
    private static final Duration CATCH_UP = Duration.ofSeconds(60);
    private static final Duration PROBE = Duration.ofSeconds(30);
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(10);
    private static final Duration MOST_PAUSE = Duration.ofHours(1);
    /** A run takes at most so much of the time, one part in so many. */
    private static final int SHARE = 10;
    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

    private final Engine engine;
    private final Settings settings;
    private final ChangeWatch watch;
    private Instant lastTick = Instant.MIN;
    private Instant lastProbe = Instant.MIN;
    private Instant notBefore = Instant.MIN;
    private Instant lastCatchUp = Instant.MIN;
    private Instant lastProof = Instant.MIN;
    private long seen;
    private Duration pause = LEAST_PAUSE;

    /** @param interval between runs; empty: none by the clock. @param continuous a run after each change. @param proof between verifications */
    record Settings(Optional<Duration> interval, boolean continuous, Optional<Duration> proof) { }

    Schedule(Engine engine, Settings settings, Path home) {
        this.engine = engine;
        this.settings = settings;
        this.watch = new ChangeWatch(home);
    }

    /** @param tick how often it looks whether something is due */
    void begin(Duration tick) {
        engine.every(tick, this::tick);
    }

    String words() {
        if (settings.continuous()) {
            return "after each change";
        }
        return settings.interval().map(every -> "every " + Words.duration(every)).orElse("only when told to");
    }

    private void tick() {
        if (engine.now().isBefore(lastTick)) { // the clock was wrong before: what it said is no reason to wait
            lastProbe = Instant.MIN;
            notBefore = Instant.MIN;
            lastCatchUp = Instant.MIN;
            lastProof = Instant.MIN;
        }
        lastTick = engine.now();
        if (lastProbe.plus(PROBE).isBefore(engine.now())) {
            lastProbe = engine.now();
            engine.runs().probe();
        }
        if (engine.targets().all().isEmpty() || !engine.vault().isOpen() && !engine.vault().isKept()) {
            return;
        }
        Instant now = engine.now();
        if (!now.isBefore(notBefore) && isDue(now)) {
            run(now);
        } else if (engine.runs().isAnyBehind() && lastCatchUp.plus(CATCH_UP).isBefore(now)) {
            lastCatchUp = now;
            attempt("catching up", job -> engine.runs().settle(engine.vault().repository(Optional.empty()), job));
        } else if (settings.proof().isPresent() && proofIsDue(now)) {
            lastProof = now;
            attempt("verifying", job -> {
                Runs.Proof proof = engine.runs().verify(engine.vault().repository(Optional.empty()), false, job);
                if (!proof.holds()) {
                    LOG.warn("The backups were read back and are not in order: {}. See: ashlar backup verify", proof.check().errors());
                }
            });
        }
    }

    private boolean isDue(Instant now) {
        Optional<Instant> last = newest();
        if (last.isEmpty() || settings.interval().isPresent() && !last.get().plus(settings.interval().get()).isAfter(now)
                || last.get().isAfter(now.plusSeconds(60))) { // a clock was wrong: better one too many
            return settings.interval().isPresent() || settings.continuous();
        }
        return settings.continuous() && watch.print() != seen;
    }

    private Optional<Instant> newest() {
        return engine.runs().lastTaken().or(() -> engine.targets().all().stream()
                .flatMap(target -> engine.ledger().target(target.name()).taken().stream()).max(Instant::compareTo));
    }

    private boolean proofIsDue(Instant now) {
        Duration every = settings.proof().orElseThrow();
        boolean overdue = engine.targets().all().stream().map(target -> engine.ledger().target(target.name()))
                .anyMatch(entry -> entry.snapshot().isPresent() && entry.verified().map(when -> when.plus(every).isBefore(now)).orElse(true));
        return overdue && lastProof.plus(LEAST_PAUSE.multipliedBy(SHARE)).isBefore(now);
    }

    private void run(Instant begun) {
        long before = settings.continuous() ? watch.print() : 0;
        if (attempt("a backup", job -> engine.runs().backup(engine.vault().repository(Optional.empty()), job))) {
            seen = before;
            pause = LEAST_PAUSE;
        } else {
            pause = pause.multipliedBy(2).compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : pause.multipliedBy(2);
        }
        Duration took = Duration.between(begun, engine.now()).multipliedBy(SHARE);
        notBefore = engine.now().plus(took.compareTo(pause) > 0 && took.compareTo(MOST_PAUSE) < 0 ? took : pause);
    }

    private interface Step {
        void run(Job job) throws IOException, Job.PasswordNeeded;
    }

    private boolean attempt(String what, Step step) {
        try {
            step.run(engine.unseen());
            return true;
        } catch (IOException | Job.PasswordNeeded | RuntimeException e) {
            LOG.warn("{} by schedule failed: {}", what, Words.reason(e));
            return false;
        }
    }

}
