package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup into a repository of ten million blobs, by the engine alone, in a JVM that the kernel gives 256 MiB, files in memory counted: it
 * is killed when it takes more.
 */
class EngineMemoryTest {
    private static final int BLOBS = Integer.getInteger("ashlar.memory.blobs", 10_000_000);
    private static final int OF_A_PACK = 1000;
    private static final int PACKS_OF_A_FILE = 50;
    private static final long LIMIT = 256L << 20;
    private static final Path GROUPS = Path.of("/sys/fs/cgroup/memory");

    @TempDir
    Path temporary;

    @Test
    @EnabledIfSystemProperty(named = "ashlar.all", matches = "true")
    void promise9_aBackupWithTenMillionBlobsRunsInAQuarterOfAGibibyte() throws Exception {
        Path place = temporary.resolve("place");
        Optional<Path> group = group();
        assumeTrue(group.isPresent(), "no control group can be made here: that takes root, and version 1 of them");
        fill(place);
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        for (int i = 0; i < 40; i++) {
            Sample.write(tree.resolve("file " + i), i, 3_000_000);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String enter = "echo $$ > " + group.get().resolve("cgroup.procs") + " && ";
        Process engine = new ProcessBuilder("sh", "-c", enter + "exec \"$@\"", "sh", java, "-Xmx186m", "-Xmn10m", "-Xss512k", "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=20m", "-XX:ReservedCodeCacheSize=24m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Engine.class.getName(), place.toString(), tree.toString(), temporary.toString())
                .redirectErrorStream(true).start();
        String said = new String(engine.getInputStream().readAllBytes());
        int status = engine.waitFor();
        Files.deleteIfExists(group.get());
        assertEquals(0, status, said);
    }

    /** Index files that name blobs of packs which nobody has: a backup reads neither. */
    private void fill(Path place) throws IOException {
        Random random = new Random(1);
        try (Replicas replicas = Replicas.of(new FolderTarget(place)); Repository repository = Sample.create(replicas, temporary)) {
            for (int blobs = 0; blobs < BLOBS; blobs += OF_A_PACK * PACKS_OF_A_FILE) {
                Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
                for (int pack = 0; pack < PACKS_OF_A_FILE; pack++) {
                    List<PackedBlob> content = new ArrayList<>();
                    for (int i = 0; i < OF_A_PACK; i++) {
                        content.add(new PackedBlob(BlobType.DATA, id(random), i * 1000, 1000, 2000));
                    }
                    packs.put(id(random), content);
                }
                repository.saveUnpacked(FileKind.INDEX, IndexFile.write(packs, List.of()));
            }
        }
    }

    private static Id id(Random random) {
        byte[] bytes = new byte[Id.BYTES];
        random.nextBytes(bytes);
        return Id.read(bytes, 0);
    }

    /** A control group with the limit, where this user may make one. */
    private static Optional<Path> group() {
        Path group = GROUPS.resolve("ashlar-engine-memory-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(LIMIT));
            return Optional.of(group);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Runs by itself in the JVM that is watched. */
    static final class Engine {
        private Engine() { }

        public static void main(String[] folders) throws IOException {
            Options options = Options.here(Path.of(folders[2])).withCost(Options.PasswordCost.NONE).withWorkers(2);
            try (Replicas replicas = Replicas.of(new FolderTarget(Path.of(folders[0])));
                    Repository repository = Repository.open(replicas, Sample.PASSWORD, options)) {
                if (Sample.backup(repository, Path.of(folders[1])).unread() > 0) {
                    throw new IOException("not all was read");
                }
            }
        }
    }
}
