package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is promised of cleaning up. */
class PruneTest extends TwoTargets {
    @Test
    void promise6_cleanUpWaitsForALaterSnapshotAndTheGracePeriod() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        Clock start = Clock.fixed(NOW, ZoneOffset.UTC);
        Duration grace = Duration.ofDays(7);
        try (Replicas replicas = Replicas.of(first)) {
            Sample.create(replicas, temporary).close();
            try (Repository repository = Sample.open(replicas, temporary, start)) {
                Sample.backup(repository, tree);
                for (String name : tree.toFile().list()) {
                    if (name.startsWith("file")) {
                        Files.delete(tree.resolve(name));
                    }
                }
                Sample.backup(repository, tree);
                new Forget(repository).run(new Forget.Policy(1, 0, 0, 0, 0, 0, ZoneOffset.UTC));
            }
            Set<String> before = names(first);
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofMinutes(1)))) {
                Prune.Result marked = new Prune(repository, grace).run();
                assertTrue(marked.marked() > 0);
                assertEquals(0, marked.deleted());
            }
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofDays(8)))) {
                assertEquals(0, new Prune(repository, grace).run().deleted(), "no snapshot since");
            }
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofDays(2)))) {
                Sample.backup(repository, tree);
                assertEquals(0, new Prune(repository, grace).run().deleted(), "the grace period is not over");
            }
            assertTrue(names(first).containsAll(before.stream().filter(name -> name.startsWith("data/")).toList()));
            try (Repository repository = Sample.open(replicas, temporary, Clock.offset(start, Duration.ofDays(9)))) {
                assertTrue(new Prune(repository, grace).run().deleted() > 0);
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
                Sample.restoreLast(repository, temporary.resolve("back"));
            }
        }
        assertTrue(Sample.isSame(tree, temporary.resolve("back").resolve(tree.toString().substring(1))));
    }

    @Test
    void promise6_cleanUpStopsWhenSomethingIsMissing() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        try (Replicas replicas = Replicas.of(first); Repository repository = Sample.create(replicas, temporary)) {
            Sample.backup(repository, tree);
            String pack = first.place().keySet().stream().filter(name -> name.startsWith("data/")).findFirst().orElseThrow();
            first.place().remove(pack);
            Set<String> before = names(first);
            RepositoryException refused = assertThrows(RepositoryException.class, () -> Prune.atOnce(repository).run());
            assertTrue(refused.getMessage().contains("Nothing is cleaned up"), refused.getMessage());
            assertEquals(before, names(first));
        }
    }

    @Test
    void promise12_aClockInTheFutureDeletesNothingThatIsUsed() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 20);
        Clock future = Clock.fixed(Instant.parse("2099-01-01T00:00:00Z"), ZoneOffset.UTC);
        try (Replicas replicas = Replicas.of(first)) {
            Sample.create(replicas, temporary).close();
            try (Repository repository = Sample.open(replicas, temporary, future)) {
                Sample.backup(repository, tree);
                new Prune(repository, Duration.ofDays(7)).run();
            }
            try (Repository repository = Sample.open(replicas, temporary)) {
                Sample.backup(repository, tree);
                new Prune(repository, Duration.ofDays(7)).run();
                assertEquals(List.of(), new Check(repository).readingData().run().errors());
                Sample.restoreLast(repository, temporary.resolve("back"));
            }
        }
        assertTrue(Sample.isSame(tree, temporary.resolve("back").resolve(tree.toString().substring(1))));
    }
}
