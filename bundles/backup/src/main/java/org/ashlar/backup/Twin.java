package org.ashlar.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ashlar.repository.Repository.StoredSnapshot;
import org.ashlar.repository.Snapshot;

/**
 * Another home of the same node that runs, too, and backs up to the same place: seen by a snapshot that it made after this home made its first.
 * So a home that was restored is none as long as the former one rests.
 *
 * @param copy its name
 * @param last its newest snapshot
 */
record Twin(String copy, Instant last) {
    private static final String PREFIX = "copy-";
    /** One that has made no snapshot for so long has ended. */
    private static final Duration GONE = Duration.ofDays(1);

    /** What says in a snapshot which copy made it. */
    static String tag(Ledger.Copy copy) {
        return PREFIX + copy.name();
    }

    /** @param own this copy. @param snapshots oldest first */
    static Optional<Twin> among(List<StoredSnapshot> snapshots, String node, Ledger.Copy own, Instant now) {
        return snapshots.reversed().stream().map(StoredSnapshot::snapshot).filter(snapshot -> snapshot.hostname().equals(node))
                .filter(snapshot -> snapshot.time().instant().isAfter(own.since()) && snapshot.time().instant().isAfter(now.minus(GONE)))
                .flatMap(snapshot -> maker(snapshot).stream().filter(maker -> !maker.equals(own.name()))
                        .map(maker -> new Twin(maker, snapshot.time().instant()))).findFirst();
    }

    private static Optional<String> maker(Snapshot snapshot) {
        return snapshot.tags().stream().filter(tag -> tag.startsWith(PREFIX)).map(tag -> tag.substring(PREFIX.length())).findFirst();
    }

    String line() {
        return "Another copy of this node (" + Words.line(copy) + ") runs and backed up here at " + Words.second(last) + ". Stop one of the two:"
                + " what each takes in, the other lacks, and other nodes reach now this one, now that. Nothing is lost yet: \"ashlar backup"
                + " snapshots\" shows by their tags whose are whose.";
    }
}
