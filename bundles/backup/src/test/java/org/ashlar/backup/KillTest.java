package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ashlar.files.Durable;
import org.ashlar.repository.Check;
import org.ashlar.repository.CatchUp;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Restore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed (SIGKILL) at random moments of backups, clean-ups and restores: nothing that it acknowledged is lost, all that is there
 * is in order, and what comes next goes on. {@code -Dashlar.backup.kills=N}: how often; 2, 20 with {@code --all}.
 */
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillTest {
    private static final int KILLS = Integer.getInteger("ashlar.backup.kills", Boolean.getBoolean("ashlar.all") ? 20 : 2);
    private static final int MOST_MILLIS = 1500;
    private static final int FILES = 40;

    @TempDir
    Path folder;
    private final Random random = new Random();

    @BeforeEach
    void aRepositoryWithASnapshot() throws IOException {
        Files.createDirectory(folder.resolve("scratch"));
        Files.createDirectories(folder.resolve("tree/ashlar/store"));
        Files.writeString(folder.resolve("tree/ashlar/VERSION"), "1\n");
        for (int i = 0; i < FILES; i++) {
            Victim.write(folder.resolve("tree/ashlar/store/file " + i), i);
        }
        try (Replicas replicas = Victim.replicas(folder); Repository repository = Repository.create(replicas, Victim.PASSWORD, Victim.options(folder))) {
            Victim.backup(repository, folder.resolve("tree/ashlar"));
        }
    }

    /** What the victim said before it was killed. */
    private List<String> kill(String what) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        Process victim = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), Victim.class.getName(), what, folder.toString()).redirectError(errors.toFile()).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            String first = lines.readLine();
            assertTrue(first != null, "the victim began: " + Files.readString(errors));
            said.add(first);
            Thread.sleep(random.nextInt(MOST_MILLIS));
            assertTrue(victim.isAlive(), "it went on until it was killed: " + Files.readString(errors));
            victim.toHandle().destroyForcibly(); // that of Process would close the pipe, and what it said with it
            lines.lines().forEach(said::add);
        }
        victim.waitFor(10, TimeUnit.SECONDS);
        return said;
    }

    /** Each target alone is in order, and restores its newest snapshot. @return the snapshots that both have together */
    private Set<String> inOrder() throws IOException {
        try (Replicas replicas = Victim.replicas(folder); Repository repository = Repository.open(replicas, Victim.PASSWORD, Victim.options(folder))) {
            new CatchUp(repository).run("target-1");
            new CatchUp(repository).run("target-2");
            assertEquals(List.of(), new Check(repository).readingData().run().errors());
            Path to = Files.createTempDirectory(folder, "back");
            Restore.Result restored = new Restore(repository, repository.snapshots().getLast().snapshot()).to(to);
            assertEquals(List.of(), restored.problems());
            assertEquals(FILES + 1, restored.files());
            Durable.deleteTree(to);
            return repository.snapshots().stream().map(stored -> stored.id().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void promise5_aKilledBackupLosesNothingAndTheNextOneGoesOn() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            kill("backup").forEach(line -> acknowledged.add(line.substring("snapshot ".length())));
            Set<String> there = inOrder();
            assertTrue(there.containsAll(acknowledged), acknowledged + " were acknowledged, and there are " + there);
        }
    }

    @Test
    void promise6_aKilledCleanUpLosesNothingThatIsUsed() throws Exception {
        for (int i = 0; i < KILLS; i++) {
            kill("prune");
            assertTrue(inOrder().size() >= 1);
        }
    }

    @Test
    void aKilledRestoreLeavesWholeHomesOrNone() throws Exception {
        for (int i = 0; i < KILLS; i++) {
            List<String> said = kill("restore");
            for (String line : said) {
                assertTrue(Files.isDirectory(Path.of(line.substring("home ".length()))), line);
            }
            try (Stream<Path> homes = Files.list(folder)) {
                for (Path home : homes.filter(path -> path.getFileName().toString().startsWith("home-")).toList()) {
                    for (int file = 0; file < FILES; file++) {
                        assertEquals(-1, Files.mismatch(folder.resolve("tree/ashlar/store/file " + file), home.resolve("store/file " + file)));
                    }
                    Durable.deleteTree(home);
                }
            }
            inOrder();
        }
    }
}
