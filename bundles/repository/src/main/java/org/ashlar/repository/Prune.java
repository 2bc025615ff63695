package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ashlar.repository.BlobIndex.Entry;

/**
 * Frees what no snapshot uses, in two steps that never meet in one run: packs of no use are taken out of the index and marked;
 * what was marked is deleted when a grace period is over <em>and</em> a snapshot was made since.
 * <p>
 * Order, each step durable before the next: new packs, their index, mark, new index files, deletion of the old index files; and in a later
 * run the packs. After a crash anywhere everything that snapshots use is in the index.
 */
public final class Prune {
    /** A pack is written anew when more than one part in so many of it is of no use. */
    private static final int WASTE = 5;

    private final Repository repository;
    private final Duration grace;
    private final boolean needsSnapshot;

    /** @param grace how long marked packs stay, at least */
    public Prune(Repository repository, Duration grace) {
        this(repository, grace, true);
    }

    private Prune(Repository repository, Duration grace, boolean needsSnapshot) {
        this.repository = repository;
        this.grace = grace;
        this.needsSnapshot = needsSnapshot;
    }

    /** Deletes at once what was marked, without a grace period and without waiting for a snapshot. For a target that is full. */
    public static Prune atOnce(Repository repository) {
        return new Prune(repository, Duration.ZERO, false);
    }

    /**
     * What came of it.
     *
     * @param deleted packs that were marked earlier
     * @param waiting packs that are marked and stay for now
     * @param marked  packs that were marked in this run; part of {@code waiting}
     * @param rewritten of them, how many were of use in part
     * @param freed   bytes of the deleted packs
     */
    public record Result(int deleted, int waiting, int marked, int rewritten, long freed) { }

    /** @throws RepositoryException when something that a snapshot needs is missing or damaged; nothing is changed then */
    public Result run() throws IOException {
        try (Locks lock = Locks.exclusive(repository); Listing listing = Listing.packs(repository)) {
            repository.forgetIndex();
            List<Id> snapshots = repository.ids(FileKind.SNAPSHOT);
            BlobIndex index = repository.index();
            UsedBlobs used = used(snapshots, listing);
            lock.check();
            Set<Id> marked = Mark.marked(repository);
            Plan plan = plan(index, used, listing, marked);
            rewrite(index, used, plan, lock);
            lock.check();
            mark(plan);
            if (!plan.leaving.isEmpty()) {
                RepairIndex.replace(repository, index, repository.ids(FileKind.INDEX), plan.leaving);
            }
            repository.forgetIndex();
            lock.check();
            return delete(snapshots, listing, plan, lock);
        } finally {
            repository.forgetIndex();
        }
    }

    private UsedBlobs used(List<Id> snapshots, Listing listing) throws IOException {
        List<String> troubles = new ArrayList<>();
        UsedBlobs used = new UsedBlobs(repository, pack -> listing.size(pack).isPresent(), what -> {
            if (troubles.size() < 3) {
                troubles.add(what);
            }
        });
        for (Id id : snapshots) {
            try {
                used.walk(repository.snapshot(id).tree(), "snapshot " + id.brief());
            } catch (DamagedException e) {
                troubles.add("snapshot " + id.brief() + ": " + e.getMessage());
            }
        }
        if (!troubles.isEmpty()) {
            throw new RepositoryException("Nothing is cleaned up, as something is missing, and what looks useless now may help then: "
                    + String.join("; ", troubles) + ". \"check\" tells all; \"repair\" may help.");
        }
        return used;
    }

    /** @param leaving packs that leave the index; @param partly of them, those with something of use; @param stray in no index and not marked */
    private record Plan(Set<Id> leaving, List<Integer> partly, List<Id> stray) { }

    private Plan plan(BlobIndex index, UsedBlobs used, Listing listing, Set<Id> marked) throws IOException {
        Set<Id> leaving = new HashSet<>();
        List<Integer> partly = new ArrayList<>();
        for (int number = 0; number < index.packCount(); number++) {
            long useful = 0;
            long all = 0;
            for (Entry entry : index.content(number)) {
                all += entry.blob().length();
                useful += used.isUsed(entry.number()) ? entry.blob().length() : 0;
            }
            if (useful == 0 || (all - useful) * WASTE > all) {
                leaving.add(index.pack(number));
                if (useful > 0) {
                    partly.add(number);
                }
            }
        }
        List<Id> stray = new ArrayList<>();
        listing.forEach((pack, size) -> {
            if (!index.hasPack(pack) && !marked.contains(pack)) {
                stray.add(pack);
            }
        });
        return new Plan(leaving, partly, stray);
    }

    private void rewrite(BlobIndex index, UsedBlobs used, Plan plan, Locks lock) throws IOException {
        if (plan.partly.isEmpty()) {
            return;
        }
        BlobReader reader = repository.reader();
        try (BlobWriter writer = new BlobWriter(repository, index, lock)) {
            for (int number : plan.partly) {
                lock.check();
                for (Entry entry : index.content(number)) {
                    if (used.isUsed(entry.number())) {
                        writer.copy(entry.blob(), reader.sealed(entry));
                    }
                }
            }
            writer.flush();
        }
    }

    private void mark(Plan plan) throws IOException {
        List<Id> packs = new ArrayList<>(plan.leaving);
        packs.addAll(plan.stray);
        for (int from = 0; from < packs.size(); from += Mark.MAX) {
            Mark mark = new Mark(repository.options.now(), packs.subList(from, Math.min(packs.size(), from + Mark.MAX)));
            repository.saveUnpacked(FileKind.MARK, mark.json());
        }
    }

    private Result delete(List<Id> snapshots, Listing listing, Plan plan, Locks lock) throws IOException {
        Stamp newest = Stamp.ZERO;
        for (Id id : snapshots) {
            Stamp time = repository.snapshot(id).time();
            newest = time.compareTo(newest) > 0 ? time : newest;
        }
        Stamp now = repository.options.now();
        BlobIndex index = repository.index();
        int deleted = 0;
        int waiting = 0;
        long freed = 0;
        for (Id id : repository.ids(FileKind.MARK)) {
            Mark mark;
            try {
                mark = Mark.load(repository, id);
            } catch (NoSuchFileException | DamagedException e) {
                repository.replicas.delete(FileKind.MARK.path(id)); // its packs are stray now, and marked by the next run
                continue;
            }
            boolean old = now.seconds() - mark.time().seconds() >= grace.toSeconds();
            if (!old || needsSnapshot && newest.compareTo(mark.time()) <= 0) {
                waiting += mark.packs().size();
                continue;
            }
            for (Id pack : mark.packs()) {
                // Taken up again since, as by another program's repair? Then it is of use.
                if (!index.hasPack(pack) && listing.size(pack).isPresent()) {
                    lock.check();
                    repository.replicas.delete(FileKind.PACK.path(pack));
                    deleted++;
                    freed += listing.size(pack).getAsLong();
                }
            }
            repository.replicas.delete(FileKind.MARK.path(id));
        }
        return new Result(deleted, waiting, plan.leaving.size() + plan.stray.size(), plan.partly.size(), freed);
    }
}
