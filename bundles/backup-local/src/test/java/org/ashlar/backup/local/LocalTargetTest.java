package org.ashlar.backup.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.tck.BackupTargetContract;
import org.ashlar.tck.disk.LosingDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder keeps the contract, and is a plain folder that belongs to its owner. */
class LocalTargetTest extends BackupTargetContract {
    @TempDir
    Path folder;

    @Override
    protected BackupTarget connect() throws IOException {
        return new LocalTarget(folder.resolve("backups"));
    }

    @Test
    void filesBelongToTheirOwnerAloneAndNothingUnfinishedIsLeft() throws IOException {
        connect().put("data/00/00ab", ByteBuffer.allocate(3));
        Path root = folder.resolve("backups");
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertEquals(Files.isDirectory(path) ? "rwx------" : "rw-------", mode, path.toString());
            }
        }
        try (Stream<Path> unfinished = Files.list(root.resolve("tmp"))) {
            assertEquals(List.of(), unfinished.toList());
        }
    }

    @Test
    void aPutThatReturnedOutlivesALossOfPowerAndOneThatDidNotIsWholeOrNotThere() throws IOException {
        outlivesALossOfPower(ByteBuffer.wrap("content".getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer());
    }

    /** Such a one is written past the system's memory, and its end is not. */
    @Test
    void soDoesALargeOne() throws IOException {
        outlivesALossOfPower(ByteBuffer.allocate((1 << 20) + 300_000).asReadOnlyBuffer());
    }

    private void outlivesALossOfPower(ByteBuffer content) throws IOException {
        LosingDisk disk = new LosingDisk(Files.createDirectory(folder.resolve("disk")));
        BackupTarget target = new LocalTarget(disk.folder().resolve("backups"));
        Map<String, Integer> returned = new LinkedHashMap<>();
        for (String name : List.of("data/00/00ab", "data/00/00ac")) {
            assertTrue(target.put(name, content));
            returned.put(name, disk.count());
        }
        List<LosingDisk.Crash> crashes = disk.crashes();
        for (int i = 0; i < crashes.size(); i++) {
            crashes.get(i).leave(folder.resolve("sure-" + i));
            crashes.get(i).leaveNames(folder.resolve("named-" + i));
            for (String left : List.of("sure-", "named-")) {
                BackupTarget after = new LocalTarget(folder.resolve(left + i).resolve("backups"));
                for (String name : returned.keySet()) {
                    OptionalLong size = after.stat(name);
                    assertTrue(size.isPresent() ? size.getAsLong() == content.remaining() : i < returned.get(name),
                            left + i + ": " + name + " " + size);
                }
            }
        }
    }

    @Test
    void objectsOfAnySizeComeBackAsTheyWere() throws IOException {
        BackupTarget target = connect();
        for (int size : new int[] {(256 << 10) - 1, 256 << 10, (256 << 10) + 1, (1 << 20) + 4096, (3 << 20) - 1, (3 << 20) + 5}) {
            byte[] bytes = new byte[size + 7];
            new Random(size).nextBytes(bytes);
            assertTrue(target.put("data/00/" + size, ByteBuffer.wrap(bytes, 3, size).slice().asReadOnlyBuffer()));
            ByteBuffer back = ByteBuffer.allocate(size + 1);
            assertEquals(size, target.get("data/00/" + size, 0, back));
            assertEquals(ByteBuffer.wrap(bytes, 3, size), back.flip());
        }
    }

    @Test
    void whatACrashLeftIsRemovedADayLater() throws IOException {
        connect().put("config", ByteBuffer.allocate(3));
        Path tmp = folder.resolve("backups/tmp");
        Path old = Files.writeString(tmp.resolve(UUID.randomUUID().toString()), "x");
        Path young = Files.writeString(tmp.resolve(UUID.randomUUID().toString()), "x");
        Path letter = Files.writeString(tmp.resolve("letter"), "somebody's, who has a tmp of his own there");
        Path inside = Files.writeString(Files.createDirectory(tmp.resolve("letters")).resolve("letter"), "x");
        for (Path each : List.of(old, letter, inside, inside.getParent())) {
            Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(90_000)));
        }
        connect();
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young));
        assertTrue(Files.exists(letter) && Files.exists(inside));
    }

    @Test
    void aMissingMountIsNotMistakenForAnEmptyTarget() {
        IOException refused = assertThrows(IOException.class, () -> new LocalTarget(folder.resolve("mount/backups")));
        assertTrue(refused.getMessage().contains("is the disk there?"), refused.getMessage());
        assertFalse(Files.exists(folder.resolve("mount")));
    }

    @Test
    void aFolderThatWasRemovedUnderneathIsMadeAgain() throws IOException {
        BackupTarget target = connect();
        target.put("data/00/00", ByteBuffer.allocate(3));
        Files.delete(folder.resolve("backups/data/00/00"));
        Files.delete(folder.resolve("backups/data/00"));
        assertThrows(IOException.class, () -> target.put("data/00/01", ByteBuffer.allocate(3)));
        assertTrue(target.put("data/00/01", ByteBuffer.allocate(3)), "the second try makes the folder");
    }

    @Test
    void linksInTheFolderAreNotFollowed() throws IOException {
        BackupTarget target = connect();
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        Files.createSymbolicLink(folder.resolve("backups/config"), secret);
        assertThrows(IOException.class, () -> target.get("config", 0, ByteBuffer.allocate(1)));
        assertTrue(target.stat("config").isEmpty());
        assertFalse(target.delete("config"));
        assertFalse(target.put("config", ByteBuffer.allocate(3)));
        assertEquals("x", Files.readString(secret));
    }

    @Test
    void filesOfOthersInTheFolderAreNoObjects() throws IOException {
        BackupTarget target = connect();
        target.put("data/00/00", ByteBuffer.allocate(3));
        Files.writeString(folder.resolve("backups/data/.hidden"), "x");
        Files.writeString(folder.resolve("backups/data/Upper case"), "x");
        List<String> names = new ArrayList<>();
        target.list("data", stored -> names.add(stored.name()));
        assertEquals(List.of("data/00/00"), names);
    }

    @Test
    void theProviderWaitsForItsDisk() throws IOException {
        Path late = folder.resolve("late/backups");
        LocalTargetProvider provider = new LocalTargetProvider(new LocalTargetProvider.Config() {
            @Override
            public String path() {
                return late.toString();
            }

            @Override
            public Class<LocalTargetProvider.Config> annotationType() {
                return LocalTargetProvider.Config.class;
            }
        });
        assertThrows(IOException.class, () -> provider.put("config", ByteBuffer.allocate(1)));
        Files.createDirectory(late.getParent());
        assertTrue(provider.put("config", ByteBuffer.allocate(1)));
        provider.close();
        assertThrows(IOException.class, () -> provider.stat("config"));
    }
}
