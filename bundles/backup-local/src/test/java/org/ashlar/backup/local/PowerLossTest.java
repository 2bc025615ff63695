package org.ashlar.backup.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.ashlar.repository.Backup;
import org.ashlar.repository.Check;
import org.ashlar.repository.FileSource;
import org.ashlar.repository.Id;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Repository.StoredSnapshot;
import org.ashlar.repository.Restore;
import org.ashlar.tck.disk.LosingDisk;
import org.ashlar.tck.disk.LosingDisk.Crash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails before a change that a backup makes on its target's disk, and what was not synced is lost: each snapshot that was
 * acknowledged is there and whole, and the next run goes on. At every change with {@code -Dashlar.all=true}, else at some.
 */
class PowerLossTest {
    private static final char[] PASSWORD = "password".toCharArray();
    private static final int STEP = Boolean.getBoolean("ashlar.all") ? 1 : 13;

    @TempDir
    Path temporary;
    private Path tree;

    private Options options() {
        return Options.here(temporary).withCost(Options.PasswordCost.NONE).withPackSize(1 << 16).withWorkers(1);
    }

    private void write(String name, int seed) throws IOException {
        byte[] bytes = new byte[50_000];
        new Random(seed).nextBytes(bytes);
        Files.write(tree.resolve(name), bytes);
    }

    private Id backup(Path place, boolean create) throws IOException {
        try (Replicas replicas = Replicas.of(new LocalTarget(place));
                Repository repository = create ? Repository.create(replicas, PASSWORD, options()) : Repository.open(replicas, PASSWORD, options())) {
            return new Backup(repository, FileSource.of(List.of(tree), excluded -> false), List.of(tree.toString())).run().snapshot();
        }
    }

    @Test
    void promise5_whatWasAcknowledgedOutlivesALossOfPowerAtAnyChange() throws IOException {
        tree = Files.createDirectory(temporary.resolve("tree"));
        write("old", 1);
        LosingDisk disk = new LosingDisk(Files.createDirectory(temporary.resolve("disk")));
        Id first = backup(disk.folder().resolve("backups"), true);
        int begun = disk.count();
        Path before = Files.copy(tree.resolve("old"), temporary.resolve("before"));
        write("old", 2);
        write("new", 3);
        Id second = backup(disk.folder().resolve("backups"), false);
        int acknowledged = disk.count();
        List<Crash> crashes = disk.crashes();
        disk.stop();
        for (int moment = begun + STEP / 2; moment < crashes.size() - 1; moment += STEP) {
            check(crashes, moment, first, moment < acknowledged ? Optional.empty() : Optional.of(second), before);
        }
        check(crashes, crashes.size() - 1, first, Optional.of(second), before);
    }

    private void check(List<Crash> crashes, int moment, Id first, Optional<Id> second, Path before) throws IOException {
        Path sure = temporary.resolve("sure-" + moment);
        crashes.get(moment).leave(sure);
        check(sure.resolve("backups"), first, second, before, "what is sure before change " + moment);
        Path named = temporary.resolve("named-" + moment);
        crashes.get(moment).leaveNames(named);
        check(named.resolve("backups"), first, second, before, "what may be before change " + moment);
    }

    private void check(Path place, Id first, Optional<Id> second, Path before, String when) throws IOException {
        try (Replicas replicas = Replicas.of(new LocalTarget(place)); Repository repository = Repository.open(replicas, PASSWORD, options())) {
            List<Id> there = repository.snapshots().stream().map(StoredSnapshot::id).toList();
            assertTrue(there.contains(first) && there.containsAll(second.stream().toList()), when);
            assertEquals(List.of(), new Check(repository).readingData().run().errors(), when);
            Path back = place.resolveSibling(place.getFileName() + "-back");
            assertEquals(0, new Restore(repository, repository.snapshot(first)).to(back).failed(), when);
            assertEquals(-1, Files.mismatch(before, back.resolve(tree.resolve("old").toString().substring(1))), when);
        }
        Id next = backup(place, false);
        try (Replicas replicas = Replicas.of(new LocalTarget(place)); Repository repository = Repository.open(replicas, PASSWORD, options())) {
            Path back = place.resolveSibling(place.getFileName() + "-next");
            assertEquals(0, new Restore(repository, repository.snapshot(next)).to(back).failed(), when);
            for (String name : List.of("old", "new")) {
                assertEquals(-1, Files.mismatch(tree.resolve(name), back.resolve(tree.resolve(name).toString().substring(1))), when);
            }
        }
    }
}
