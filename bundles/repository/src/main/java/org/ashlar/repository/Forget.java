package org.ashlar.repository;

import java.io.IOException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.ashlar.repository.Repository.StoredSnapshot;

/** Removes snapshots that a policy does not keep. What only they used stays until {@link Prune}. */
public final class Forget {
    private final Repository repository;

    public Forget(Repository repository) {
        this.repository = repository;
    }

    /**
     * Which snapshots of a series are kept: the last ones, and the last of each hour, day, week, month and year that has one, so many of each.
     * A policy that keeps nothing is refused.
     *
     * @param zone where days begin
     */
    public record Policy(int last, int hourly, int daily, int weekly, int monthly, int yearly, ZoneId zone) {
        public Policy {
            if (last < 0 || hourly < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0
                    || last + (long) hourly + daily + weekly + monthly + yearly == 0) {
                throw new IllegalArgumentException("A policy must keep something.");
            }
        }

        /** @param series of one machine and the same paths, in any order */
        Set<Id> kept(List<StoredSnapshot> series) {
            List<StoredSnapshot> newest = new ArrayList<>(series);
            newest.sort((a, b) -> b.snapshot().time().compareTo(a.snapshot().time()));
            Set<Id> kept = new HashSet<>();
            newest.stream().limit(last).forEach(stored -> kept.add(stored.id()));
            keep(newest, kept, hourly, time -> time.toLocalDate() + "T" + time.getHour());
            keep(newest, kept, daily, time -> time.toLocalDate());
            keep(newest, kept, weekly, time -> time.get(IsoFields.WEEK_BASED_YEAR) + "W" + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            keep(newest, kept, monthly, time -> time.getYear() + "-" + time.getMonthValue());
            keep(newest, kept, yearly, ZonedDateTime::getYear);
            return kept;
        }

        private void keep(List<StoredSnapshot> newest, Set<Id> kept, int count, Function<ZonedDateTime, Object> period) {
            Set<Object> seen = new HashSet<>();
            for (StoredSnapshot stored : newest) {
                if (seen.size() < count && seen.add(period.apply(stored.snapshot().time().instant().atZone(zone)))) {
                    kept.add(stored.id());
                }
            }
        }
    }

    /** Applies a policy to each series: the snapshots of one machine and the same paths. @return those removed */
    public List<StoredSnapshot> run(Policy policy) throws IOException {
        try (Locks lock = Locks.exclusive(repository)) {
            Map<List<String>, List<StoredSnapshot>> series = new LinkedHashMap<>();
            for (StoredSnapshot stored : repository.snapshots()) {
                List<String> key = new ArrayList<>(stored.snapshot().paths().stream().sorted().toList());
                key.addFirst(stored.snapshot().hostname());
                series.computeIfAbsent(key, missing -> new ArrayList<>()).add(stored);
            }
            List<StoredSnapshot> removed = new ArrayList<>();
            for (List<StoredSnapshot> one : series.values()) {
                Set<Id> kept = policy.kept(one);
                removed.addAll(one.stream().filter(stored -> !kept.contains(stored.id())).toList());
            }
            delete(removed.stream().map(StoredSnapshot::id).toList());
            return removed;
        }
    }

    /** Removes these snapshots. */
    public void run(List<Id> snapshots) throws IOException {
        try (Locks lock = Locks.exclusive(repository)) {
            delete(snapshots);
        }
    }

    private void delete(List<Id> snapshots) throws IOException {
        for (Id id : snapshots) {
            repository.replicas.delete(FileKind.SNAPSHOT.path(id));
        }
    }
}
