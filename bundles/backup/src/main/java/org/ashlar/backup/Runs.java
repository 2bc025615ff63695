package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ashlar.api.store.Snapshot;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.files.Durable;
import org.ashlar.repository.Backup;
import org.ashlar.repository.CatchUp;
import org.ashlar.repository.Check;
import org.ashlar.repository.Repository;
import org.ashlar.repository.RepositoryException;
import org.ashlar.repository.Restore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes snapshots, brings targets what they lack, and proves that they can be restored. On the engine's thread. */
final class Runs {
    /** A node that is busy at the moment of a cut is asked again, so often. */
    private static final int CUT_TRIES = 50;
    private static final long CUT_PAUSE_MILLIS = 100;
    /** Part of the packs that a verification reads. */
    private static final double SAMPLE = 0.05;
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final Path home;
    private final Path scratch;
    private final Supplier<Collection<Snapshotable>> parts;
    private final Targets targets;
    private final Ledger ledger;
    private final Clock clock;
    private final Supplier<String> node;
    private volatile Optional<Twin> twin = Optional.empty();
    /** Why a target is not complete, and how much it lacks, as last seen. */
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private volatile Optional<Instant> lastTaken = Optional.empty();

    Runs(Path home, Path scratch, Supplier<Collection<Snapshotable>> parts, Targets targets, Ledger ledger, Clock clock, Supplier<String> node) {
        this.home = home;
        this.scratch = scratch;
        this.parts = parts;
        this.targets = targets;
        this.ledger = ledger;
        this.clock = clock;
        this.node = node;
    }

    /** What a run came to. @param complete names of the targets that have all of it */
    record Outcome(Backup.Result backup, Instant taken, List<String> complete) { }

    /** A snapshot of this moment, on all targets. */
    Outcome backup(Repository repository, Job job) throws IOException {
        job.progress("looks for its targets");
        if (probe().isEmpty()) {
            throw new IOException("no target can be used: " + troubles());
        }
        job.progress("waits for the node to come to rest");
        Backup.Result result;
        Instant taken;
        try (Snapshot cut = cut()) {
            taken = clock.instant();
            NodeSource.Tree tree = NodeSource.of(home, cut);
            result = new Backup(repository, tree.root(), List.of("/" + NodeSource.TOP)).tagged(List.of("ashlar", Twin.tag(ledger.copy(clock.instant()))))
                    .watched(seen -> job.progress(Words.counted(seen.files(), "file") + ", " + Words.size(seen.stored()) + " stored",
                            seen.bytes(), tree.bytes())).run();
        }
        if (result.unread() > 0) {
            throw new RepositoryException("The snapshot " + result.snapshot().brief() + " lacks " + Words.counted(result.unread(), "file")
                    + " that could not be read, so it does not count: " + String.join("; ", result.problems().stream().limit(3).toList()));
        }
        lastTaken = Optional.of(taken);
        return new Outcome(result, taken, settle(repository, job));
    }

    private Snapshot cut() throws IOException {
        IOException last = null;
        for (int i = 0; i < CUT_TRIES; i++) {
            try {
                return Snapshot.take(parts.get());
            } catch (IOException e) {
                last = e;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(CUT_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        throw last;
    }

    /** Brings every target what it lacks, and notes which have all. @return their names */
    List<String> settle(Repository repository, Job job) throws IOException {
        List<Targets.Attached> good = probe();
        job.progress("looks what its targets lack");
        List<Repository.StoredSnapshot> snapshots = repository.snapshots();
        twin = Twin.among(snapshots, node.get(), ledger.copy(clock.instant()), clock.instant());
        Optional<Repository.StoredSnapshot> newest = newest(snapshots);
        Map<String, CatchUp.Outcome> outcomes = new CatchUp(repository).runAll();
        List<String> complete = new ArrayList<>();
        for (String name : good.stream().map(Targets.Attached::name).filter(outcomes::containsKey).toList()) {
            CatchUp.Outcome outcome = outcomes.get(name);
            if (outcome.isComplete()) {
                troubles.remove(name);
                complete.add(name);
                if (newest.isPresent()) {
                    ledger.complete(name, newest.get().id().toString(), newest.get().snapshot().time().instant());
                }
            } else {
                outcome.failed().ifPresent(why -> LOG.debug("target {}", name, why));
                troubles.put(name, outcome.failed().map(Words::reason).orElseGet(() -> Words.counted(outcome.lacking().files(), "file") + " ("
                        + Words.size(outcome.lacking().bytes()) + ") behind"));
            }
        }
        return complete;
    }

    /**
     * Asks each target for a sign of life. One that held backups and is empty now is passed over: mostly its disk is not there, and what is
     * written would fill another. @return those that are as they should be
     */
    List<Targets.Attached> probe() {
        List<Targets.Attached> good = new ArrayList<>();
        List<Targets.Attached> all = targets.all();
        troubles.keySet().retainAll(all.stream().map(Targets.Attached::name).toList());
        for (Targets.Attached target : all) {
            try {
                boolean empty = target.wrapped().stat("config").isEmpty();
                if (empty && ledger.target(target.name()).snapshot().isPresent()) {
                    throw new IOException("it held backups and is empty now; is the disk there? If it was emptied on purpose: ashlar backup"
                            + " remove " + target.name() + ", then add it again");
                }
                targets.resume(target.name());
                good.add(target);
            } catch (IOException | RuntimeException e) {
                targets.suspend(target.name());
                troubles.put(target.name(), Words.reason(e));
            }
        }
        return good;
    }

    /** The newest that lacks nothing. */
    private static Optional<Repository.StoredSnapshot> newest(List<Repository.StoredSnapshot> snapshots) {
        return snapshots.reversed().stream().filter(Runs::isWhole).findFirst();
    }

    /** Whether all could be read when it was made. */
    static boolean isWhole(Repository.StoredSnapshot stored) {
        return !stored.snapshot().tags().contains(Backup.INCOMPLETE);
    }

    /** Why a target is not complete, as last seen. */
    Optional<String> trouble(String target) {
        return Optional.ofNullable(troubles.get(target));
    }

    void forgetTrouble(String target) {
        troubles.remove(target);
    }

    /** Another copy of this node that backs up to the same place, as last seen. */
    Optional<Twin> twin() {
        return twin;
    }

    /** The moment of the last snapshot of this process. */
    Optional<Instant> lastTaken() {
        return lastTaken;
    }

    /** What a verification found. */
    record Proof(Check.Result check, Optional<Restore.Result> restored, Optional<String> snapshot) {
        boolean holds() {
            return check.isWhole() && restored.map(result -> result.failed() == 0).orElse(true);
        }
    }

    /** Reads back a sample, or all, from every target, and restores the newest snapshot's most precious parts to scratch. */
    Proof verify(Repository repository, boolean all, Job job) throws IOException {
        job.progress(all ? "reads all that is stored" : "reads a sample of what is stored");
        Check check = new Check(repository).watched((done, total) -> job.progress("reads back", done, total));
        Check.Result result = all ? check.readingData().run() : check.readingSample(SAMPLE, new Random()).run();
        Optional<Repository.StoredSnapshot> newest = newest(repository.snapshots());
        Optional<Restore.Result> restored = Optional.empty();
        if (newest.isPresent()) {
            job.progress("restores a part of the newest snapshot to scratch");
            Path to = Files.createDirectories(scratch.resolve("proof"));
            try {
                restored = Optional.of(new Restore(repository, newest.get().snapshot())
                        .watched((done, total) -> job.progress("restores to scratch", done, total)).only(all ? List.of() : List.of("/" + NodeSource.TOP + "/store", "/" + NodeSource.TOP + "/identity")).to(to));
            } finally {
                Durable.deleteTree(to);
            }
        }
        Proof proof = new Proof(result, restored, newest.map(stored -> stored.id().brief()));
        if (proof.holds()) {
            for (Targets.Attached target : targets.all()) {
                if (troubles.get(target.name()) == null) {
                    ledger.verified(target.name(), clock.instant());
                }
            }
        }
        return proof;
    }

    /** Whether a target that is there lacks something, as last seen. */
    boolean isAnyBehind() {
        return !troubles.isEmpty();
    }

    /** Targets that have held backups and are not there now. */
    Set<String> absent() {
        Set<String> absent = new TreeSet<>(ledger.targets());
        targets.all().forEach(target -> absent.remove(target.name()));
        return absent;
    }

    /** Why targets are not complete, by name, as last seen; also those that are not there. */
    Map<String, String> troubles() {
        Map<String, String> all = new TreeMap<>(troubles);
        absent().forEach(name -> all.put(name, "is not there"));
        return all;
    }
}
