package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archived classes of a node: recorded by the first that runs without, used by the next, and never in the way. */
@EnabledOnOs(OS.LINUX) // where a process can be seen to have mapped a file
class ClassArchiveIT {
    private static final int RECORDED_SECONDS = 180;

    @TempDir
    Path folder;

    @Test
    void theFirstNodeHasItRecordedTheNextUsesItAndADamagedOneIsPassedOver() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "a minute of recording only with \"./ashlar test --all\"");
        Path archive = folder.toRealPath().resolve("node.aot");
        try (Ashlar ashlar = new Ashlar(folder)) {
            up(ashlar, archive);
            assertFalse(isMapped(ashlar, archive));
            await(archive);
            ashlar.ok("down");
            assertTrue(ashlar.home().resolve("VERSION").toFile().exists());

            up(ashlar, archive);
            assertTrue(isMapped(ashlar, archive), "the second start uses it");
            ashlar.ok("down");

            byte[] sound = Files.readAllBytes(archive);
            for (Damage damage : Damage.values()) {
                Files.write(archive, sound);
                damage.doTo(archive);
                assertEquals("", up(ashlar, archive).err(), damage + ": nobody is told");
                assertFalse(isMapped(ashlar, archive), damage + ": it is not used");
                ashlar.ok("down");
            }
        }
    }

    private enum Damage {
        EMPTIED, CUT_OFF, OVERWRITTEN, NO_ARCHIVE;

        void doTo(Path file) throws Exception {
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                switch (this) {
                    case EMPTIED -> access.setLength(0);
                    case CUT_OFF -> access.setLength(access.length() / 2);
                    case OVERWRITTEN -> {
                        byte[] noise = new byte[(int) access.length() / 10];
                        new Random(1).nextBytes(noise);
                        access.seek(access.length() / 4);
                        access.write(noise);
                    }
                    case NO_ARCHIVE -> {
                        access.setLength(0);
                        access.write("something else".getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
        }
    }

    private static Ashlar.Result up(Ashlar ashlar, Path archive) throws Exception {
        Ashlar.Result up = ashlar.runWith(environment -> environment.put("ASHLAR_ARCHIVE", archive.toString()),
                "up", "--detach", "--name", "itest");
        assertEquals(0, up.status(), up.err());
        return up;
    }

    private static boolean isMapped(Ashlar ashlar, Path archive) throws Exception {
        return Files.readString(Path.of("/proc", String.valueOf(ashlar.pid()), "maps"), StandardCharsets.ISO_8859_1)
                .contains(archive.toString());
    }

    private static void await(Path archive) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RECORDED_SECONDS);
        while (!Files.exists(archive)) {
            assertTrue(System.nanoTime() < end, "it is recorded within " + RECORDED_SECONDS + " s");
            Thread.sleep(200);
        }
    }
}
