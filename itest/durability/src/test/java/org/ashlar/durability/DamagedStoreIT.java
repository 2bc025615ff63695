package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.ashlar.durability.NodeUnderTest.Ended;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that was damaged is told and left as it is; nothing is made anew in its place. */
class DamagedStoreIT {
    private static final String PROBE = ProbePackage.process("one");
    private static final int PAGE = 4096;

    /** The ports are others when somebody took those of the last run meanwhile. */
    private static final Set<String> NOT_KEPT = Set.of("lock", "ports");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;
    private static NodeUnderTest node;
    private static Path database;
    private static byte[] sound;

    /** What may happen to a file. */
    enum Damage {
        /** The file is gone. */
        DELETED,
        /** Nothing is left in it. */
        EMPTIED,
        /** Its end is missing. */
        CUT_OFF,
        /** Other bytes in its beginning. */
        OVERWRITTEN_AT_THE_BEGINNING,
        /** Other bytes in everything but its beginning. */
        OVERWRITTEN_BEHIND_THE_BEGINNING;

        void doTo(Path file) throws IOException {
            if (this == DELETED) {
                Files.delete(file);
                return;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                byte[] noise = new byte[(int) channel.size() - PAGE];
                new Random(1).nextBytes(noise);
                switch (this) {
                    case DELETED -> throw new IllegalStateException("done above");
                    case EMPTIED -> channel.truncate(0);
                    case CUT_OFF -> channel.truncate(channel.size() / 2 / PAGE * PAGE + PAGE / 2);
                    case OVERWRITTEN_AT_THE_BEGINNING -> channel.write(ByteBuffer.wrap(noise, 0, PAGE), 0);
                    case OVERWRITTEN_BEHIND_THE_BEGINNING -> channel.write(ByteBuffer.wrap(noise), PAGE);
                }
            }
        }
    }

    @BeforeAll
    static void aNodeHasRunAndWasStopped() throws Exception {
        node = new NodeUnderTest(folder, folder.toRealPath().resolve("home"));
        database = node.home().resolve("store/state.db");
        ProbePackage probes = ProbePackage.write(folder.resolve("probes"), "1.0.0", List.of("one"), 1000);
        node.up();
        node.ok("start", probes.folder().toString(), "--yes");
        assertEquals("kept", node.ask(PROBE, "!set-state size=50000;respond body=kept"));
        node.ok("down");
        sound = Files.readAllBytes(database);
    }

    @AfterAll
    static void putBackItIsAsGoodAsBefore() throws Exception {
        try (NodeUnderTest running = node) {
            Files.write(database, sound);
            running.up();
            String journal = running.ask(PROBE, "!get-state;report");
            assertTrue(journal.contains("state value="), journal);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedStoreIsToldAndLeftAsItIs(Damage damage) throws Exception {
        Files.write(database, sound);
        damage.doTo(database);
        Map<String, Long> before = everythingToKeep();

        Ended up = node.run("up", "--detach");

        assertEquals(1, up.status(), "a node runs on a damaged store: " + up.out());
        assertEquals(1, up.err().lines().count(), "one line: " + up.err());
        assertTrue(up.err().contains(database.toString()) && up.err().contains("damaged"), up.err());
        assertEquals(before, everythingToKeep(), "the home is left as it was found");
    }

    /** All files that a start must not touch, whatever other nodes run on this machine, by a checksum of their contents. */
    private static Map<String, Long> everythingToKeep() throws IOException {
        Map<String, Long> files = new TreeMap<>();
        for (String kept : List.of("store", "identity", "vfs")) {
            try (Stream<Path> below = Files.walk(node.home().resolve(kept))) {
                for (Path file : below.filter(Files::isRegularFile).filter(path -> !NOT_KEPT.contains(path.getFileName().toString())).toList()) {
                    CRC32C checksum = new CRC32C();
                    checksum.update(Files.readAllBytes(file));
                    files.put(node.home().relativize(file).toString(), checksum.getValue());
                }
            }
        }
        return files;
    }
}
